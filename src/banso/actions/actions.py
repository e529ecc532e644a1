"""The verbs of the daily loop: a contact, a next step, done, later, no concern.

Who may act on the engagement is decided before, by banso.engagements.access.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from banso.actions.days import day_after
from banso.actions.models import Action, Contact, SetAside
from banso.base import activity
from banso.base.models import User
from banso.base.notices import notify
from banso.base.workspace import local_today, next_working_day
from banso.engagements.access import readers_of
from banso.engagements.models import Engagement
from banso.parties.models import Party

UNDO_CONTACT = timedelta(hours=1)
UNDO_CLOSING = timedelta(days=7)


class Refused(Exception):
    """The verb does not apply any more; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class NextStep:
    """What somebody promised to do by a day."""

    title: str
    owner: User
    due_on: date
    side: str = Action.Side.OURS
    shared: bool = False
    every: str = Action.Every.ONCE


@dataclass(frozen=True)
class Recorded:
    """A contact and the next step that came out of it, if any."""

    contact: Contact
    action: Action | None


@transaction.atomic
def record_contact(
    *,
    engagement: Engagement,
    by: User,
    channel: str,
    occurred_at: datetime,
    summary: str,
    people: Sequence[Party] = (),
    next_step: NextStep | None = None,
) -> Recorded:
    """Write down who was met, when, and what was said; and what comes next."""
    contact = Contact.objects.create(
        engagement=engagement, by=by, channel=channel, occurred_at=occurred_at, summary=summary
    )
    contact.people.set(people)
    activity.record(
        "contact.recorded",
        actor=by,
        engagement_id=engagement.pk,
        subject_id=contact.pk,
        detail={"channel": channel, "people": len(people)},
    )
    if next_step is None:
        return Recorded(contact, None)
    return Recorded(contact, added(engagement, by, next_step, contact))


@transaction.atomic
def withdraw_contact(*, contact: Contact, by: User) -> None:
    """Take back a contact just typed, with its open next steps.

    Raises Refused("not_yours") for somebody else's, Refused("too_late") after an hour.
    """
    if contact.by_id != by.pk:
        raise Refused("not_yours")
    if timezone.now() - contact.recorded_at > UNDO_CONTACT:
        raise Refused("too_late")
    number, channel, engagement_id = contact.pk, contact.channel, contact.engagement_id

    contact.actions.filter(closed_as="").delete()
    contact.delete()
    activity.record(
        "contact.withdrawn",
        actor=by,
        engagement_id=engagement_id,
        subject_id=number,
        detail={"channel": channel},
    )


@transaction.atomic
def add_action(*, engagement: Engagement, by: User | None, step: NextStep) -> Action:
    """Add a next step that no contact led to; nobody added one that an answer of theirs made."""
    return added(engagement, by, step, None)


def added(
    engagement: Engagement, by: User | None, step: NextStep, contact: Contact | None
) -> Action:
    action = Action.objects.create(
        engagement=engagement,
        title=step.title,
        owner=step.owner,
        due_on=step.due_on,
        side=step.side,
        shared=step.shared,
        every=step.every,
        every_from=step.due_on if step.every else None,
        contact=contact,
        created_by=by,
    )
    record_of(action, "action.added", by, {"due_on": step.due_on.isoformat()})
    tell_owner(action, by)
    return action


@transaction.atomic
def change_action(
    *,
    action: Action,
    by: User,
    due_on: date | None = None,
    owner: User | None = None,
    every: str | None = None,
) -> Action:
    """Give an open step another day or owner, or have it come again otherwise; raises
    Refused("closed"). Another day alone moves this one and leaves the series where it was."""
    action = locked(action)
    if action.closed_as:
        raise Refused("closed")
    before = changeable(action)
    action.due_on, action.owner = due_on or action.due_on, owner or action.owner
    if every is not None and every != action.every:
        action.every, action.every_from = every, action.due_on if every else None
    after = changeable(action)

    if after != before:
        action.save(update_fields=["due_on", "owner", "every", "every_from"])
        record_of(action, "action.changed", by, {"before": before, "after": after})
    if after["owner"] != before["owner"]:
        tell_owner(action, by)
    return action


def changeable(action: Action) -> dict[str, object]:
    return {
        "due_on": action.due_on.isoformat(),
        "owner": action.owner_id,
        "every": action.every,
    }


@transaction.atomic
def show_steps(*, engagement: Engagement, by: User | None, shown: Mapping[int, str]) -> int:
    """Choose which open steps the other side is shown, and whose each of them is: {number:
    side}. The others are not shown any more. Returns how many changed."""
    steps = Action.objects.filter(engagement=engagement, closed_as="").select_for_update()
    changed = [each for each in steps if (each.side, each.shared) != shown_as(each, shown)]

    for each in changed:
        each.side, each.shared = shown_as(each, shown)
    Action.objects.bulk_update(changed, ["side", "shared"])
    if changed:
        activity.record(
            "action.shown",
            actor=by,
            engagement_id=engagement.pk,
            detail={"shown": sorted(shown), "changed": len(changed)},
        )
    return len(changed)


def shown_as(action: Action, shown: Mapping[int, str]) -> tuple[str, bool]:
    return shown.get(action.pk, action.side), action.pk in shown


@transaction.atomic
def close_action(*, action: Action, by: User, closed_as: str = Action.Closed.DONE) -> Action:
    """Close a step as done or dropped; asking twice is harmless. One that comes again is written
    for its next day when it is done; dropped, it comes no more."""
    action = locked(action)
    if action.closed_as:
        return action

    action.closed_as, action.closed_at, action.closed_by = closed_as, timezone.now(), by
    action.save(update_fields=["closed_as", "closed_at", "closed_by"])
    record_of(action, "action.closed", by, {"as": closed_as})
    if action.every and closed_as == Action.Closed.DONE:
        again(action, by)
    return action


def again(action: Action, by: User) -> Action | None:
    """The next of a series, on a working day after today and after the one that was done; none
    for a customer that is gone, nor a second one where a closing was taken back too late."""
    assert action.every_from is not None
    today, ended = local_today(), action.engagement.ended_on
    gone = ended is not None and ended < today
    if gone or Action.objects.filter(follows=action).exists():
        return None
    day = day_after(action.every, action.every_from, max(today, action.due_on))
    following = Action.objects.create(
        engagement_id=action.engagement_id,
        title=action.title,
        owner_id=action.owner_id,
        due_on=next_working_day(day - timedelta(days=1)),
        side=action.side,
        shared=action.shared,
        every=action.every,
        every_from=action.every_from,
        follows=action,
        created_by=by,
    )
    record_of(following, "action.added", by, {"due_on": following.due_on.isoformat()})
    tell_owner(following, by)
    return following


@transaction.atomic
def reopen_action(*, action: Action, by: User) -> Action:
    """Take a closing back, with the next of its series if that is open; raises
    Refused("too_late") a week after it."""
    action = locked(action)
    if not action.closed_as or action.closed_at is None:
        return action
    if timezone.now() - action.closed_at > UNDO_CLOSING:
        raise Refused("too_late")

    action.closed_as, action.closed_at, action.closed_by = Action.Closed.OPEN, None, None
    action.save(update_fields=["closed_as", "closed_at", "closed_by"])
    Action.objects.filter(follows=action, closed_as="").delete()
    record_of(action, "action.reopened", by, {})
    return action


@transaction.atomic
def set_aside(
    *,
    engagement: Engagement,
    by: User,
    kind: str,
    until: date,
    reason: str = "",
    gap_then: float | None = None,
) -> SetAside:
    """Let an engagement wait until a day; replaces what was set aside before."""
    end_open(engagement)
    row = SetAside.objects.create(
        engagement=engagement, by=by, kind=kind, until=until, reason=reason, gap_then=gap_then
    )
    activity.record(
        "set_aside.begun",
        actor=by,
        engagement_id=engagement.pk,
        subject_id=row.pk,
        detail={"kind": kind, "until": until.isoformat()},
    )
    return row


@transaction.atomic
def resume(*, engagement: Engagement, by: User) -> bool:
    """Take an engagement up again; False when nothing was set aside."""
    if not end_open(engagement):
        return False
    activity.record("set_aside.ended", actor=by, engagement_id=engagement.pk)
    return True


def end_open(engagement: Engagement) -> int:
    Engagement.objects.select_for_update().get(pk=engagement.pk)
    waiting = SetAside.objects.filter(engagement=engagement, ended_at=None)
    return waiting.update(ended_at=timezone.now())


def locked(action: Action) -> Action:
    return Action.objects.select_for_update().get(pk=action.pk)


def record_of(action: Action, verb: str, by: User | None, detail: dict[str, object]) -> None:
    activity.record(
        verb,
        actor=by,
        engagement_id=action.engagement_id,
        subject_id=action.pk,
        detail=detail,
    )


def tell_owner(action: Action, by: User | None) -> None:
    """A step somebody else gave to its owner is news to them; one that nobody gave is told with
    what it came from."""
    if by is None:
        return
    notify(
        "action.assigned",
        {action.owner_id} & readers_of(action.engagement_id),
        actor=by,
        engagement_id=action.engagement_id,
        subject_id=action.pk,
        detail={"on": action.due_on.isoformat()},
    )
