"""Handing customers over: plan, carry out, take back; nothing is lost on the way.

Who may hand over which customer is decided before, by banso.engagements.access.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from banso.actions.models import Action
from banso.base import actions as staff
from banso.base.activity import record
from banso.base.models import Activity, StaffGrant, User
from banso.base.notices import notify
from banso.base.roles import WRITERS
from banso.core.load import BEGINNING_DAYS, Parcel, shared_out, weight
from banso.desk.loads import loads_of
from banso.desk.models import Handover, HandoverItem
from banso.engagements.actions import index_engagements
from banso.engagements.after import regrouped
from banso.engagements.models import Engagement

OWN_VERBS = ("engagement.handed_over", "handover.done")


class Refused(Exception):
    """The verb does not apply; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def plan_handover(
    *,
    by: User,
    leaver: User | None,
    shares: Mapping[int, User],
    effective_on: date,
    reason: str = "",
    note: str = "",
    whole: bool = False,
    rule: str = Handover.Rule.ONE,
    ends: bool = False,
) -> Handover:
    """Write down who receives which of the leaver's customers (engagement id -> user) from a day.

    `whole`: the whole book goes, what comes to it until then too. Raises
    Refused("nothing_to_hand_over"), Refused("to_the_leaver"), Refused("not_in_post"),
    Refused("planned_already"), Refused("last_admin").
    """
    receivers = set(shares.values())
    waiting = Handover.objects.filter(leaver=leaver, whole=True, done_at=None, withdrawn_at=None)
    if not shares and not ends:
        raise Refused("nothing_to_hand_over")
    if leaver in receivers:
        raise Refused("to_the_leaver")
    if not {each.pk for each in receivers} <= people_in_post():
        raise Refused("not_in_post")
    if whole and waiting.exists():
        raise Refused("planned_already")
    refuse_last_admin(leaver if ends else None)

    handover = Handover.objects.create(
        leaver=leaver,
        by=by,
        whole=whole,
        rule=rule,
        ends=ends,
        reason=reason,
        effective_on=effective_on,
    )
    HandoverItem.objects.bulk_create(
        HandoverItem(
            handover=handover,
            engagement_id=each,
            to=to,
            note=note,
            noted_at=timezone.now() if note else None,
        )
        for each, to in shares.items()
    )
    detail = {"customers": len(shares), "on": effective_on.isoformat()}
    record("handover.planned", actor=by, subject_id=handover.pk, detail=detail)
    if whole:
        asked = {leaver.pk if leaver else None}
        notify("handover.planned", asked, actor=by, subject_id=handover.pk, detail=detail)
    return handover


def refuse_last_admin(leaver: User | None) -> None:
    grant = StaffGrant.objects.filter(user=leaver, ended_at=None).first() if leaver else None
    if grant is None:
        return
    try:
        staff.refuse_without_admin(grant, still_admin=False)
    except staff.Refused as refused:
        raise Refused(refused.code) from refused


@transaction.atomic
def carry_out(*, handover: Handover) -> Handover:
    """Everything goes along: the customers, the leaver's open actions on them, and with the end
    of their time here also those on other people's. Asking twice is harmless.

    What changed hands since the plan stays where it is; what came to the leaver since goes by
    the hand-over's rule. Raises Refused("withdrawn").
    """
    handover = locked(handover)
    if handover.done_at:
        return handover
    if handover.withdrawn_at:
        raise Refused("withdrawn")
    add_newcomers(handover)
    items = list(handover.items.select_related("to", "handover").order_by("pk"))

    handover.done_at = timezone.now()
    move(handover, items)
    if handover.ends and handover.leaver:
        handover.kept = {"actions": move_other_steps(handover), "ended": leaves(handover)}
    handover.save(update_fields=["done_at", "kept"])
    moved = [each for each in items if each.moved_at]
    look_again([each.engagement_id for each in moved])
    detail = {"customers": len(moved), "ended": handover.ends}
    record("handover.done", actor=handover.by, subject_id=handover.pk, detail=detail)
    tell_receivers(handover, moved)
    return handover


def look_again(ids: list[int]) -> None:
    """What is found and listed by its owner is right at once."""
    index_engagements(ids)
    regrouped(ids)


def tell_receivers(handover: Handover, moved: Iterable[HandoverItem]) -> None:
    """Each new owner hears once how many customers are theirs now."""
    for receiver, count in Counter(each.to_id for each in moved).items():
        notify(
            "handover.done",
            [receiver],
            actor=handover.by,
            subject_id=handover.pk,
            detail={"customers": count},
        )


def locked(handover: Handover) -> Handover:
    rows = Handover.objects.select_for_update(of=("self",)).select_related("leaver", "by")
    return rows.get(pk=handover.pk)


def add_newcomers(handover: Handover) -> None:
    """What the leaver was given since the plan, shared out among those who receive the rest."""
    if not handover.whole:
        return
    items = list(handover.items.select_related("to"))
    known = {each.engagement_id for each in items}
    book = Engagement.objects.filter(owner=handover.leaver, merged_into=None, ended_on=None)
    fresh = list(book.exclude(pk__in=known).order_by("pk")) if items else []
    shares = share_out(fresh, handover.rule, sorted({each.to for each in items}, key=key_of))
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=handover, engagement_id=each, to=to) for each, to in shares.items()
    )


def share_out(
    rows: Iterable[Engagement], rule: str, receivers: Collection[User]
) -> dict[int, User]:
    """Who receives each: everything to the first, or evenly by load with kinds kept together."""
    people = {each.pk: each for each in receivers}
    rows = list(rows)
    if not rows:
        return {}
    if rule != Handover.Rule.BALANCED:
        return dict.fromkeys((each.pk for each in rows), next(iter(people.values())))
    loads = loads_of(people.values())
    return {pk: people[to] for pk, to in shared_out(map(parcel, rows), loads).items()}


def parcel(engagement: Engagement) -> Parcel:
    began = engagement.started_on
    new = began is not None and began > timezone.localdate() - timedelta(days=BEGINNING_DAYS)
    weighs = weight(engagement.touch, beginning=new)
    return Parcel(engagement.pk, engagement.segment, engagement.touch, weighs)


def move(handover: Handover, items: Collection[HandoverItem]) -> None:
    """Each customer to its new owner with the old one's open actions on it; or why it stays."""
    ids = [each.engagement_id for each in items]
    rows = Engagement.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    now = {each.pk: each for each in rows}
    steps = open_steps(handover.leaver, ids)
    posted = people_in_post()
    for item in items:
        engagement = now[item.engagement_id]
        item.skipped = reason_to_stay(engagement, item, posted)
        if item.skipped:
            continue
        item.moved_at = handover.done_at
        item.actions = steps.get(engagement.pk, [])
        Action.objects.filter(pk__in=item.actions).update(owner=item.to)
        give(engagement, item.to)
        record(
            "engagement.handed_over",
            actor=handover.by,
            engagement_id=engagement.pk,
            subject_id=handover.pk,
            detail={"from": handover.leaver_id, "to": item.to_id, "actions": len(item.actions)},
        )
    HandoverItem.objects.bulk_update(items, ["moved_at", "actions", "skipped"], batch_size=500)


def reason_to_stay(engagement: Engagement, item: HandoverItem, posted: Collection[int]) -> str:
    if engagement.merged_into_id:
        return "merged"
    if item.to_id not in posted:
        return "receiver_left"
    return "" if engagement.owner_id == item.handover.leaver_id else "changed_hands"


def people_in_post() -> set[int]:
    grants = StaffGrant.objects.filter(ended_at=None, role__in=WRITERS)
    return set(grants.values_list("user_id", flat=True))


def open_steps(owner: User | None, ids: Collection[int]) -> dict[int, list[int]]:
    """The ids of the owner's open actions, by engagement."""
    found: dict[int, list[int]] = {}
    rows = Action.objects.filter(owner=owner, closed_as="", engagement__in=ids).order_by("pk")
    for pk, engagement in rows.values_list("pk", "engagement_id") if owner else ():
        found.setdefault(engagement, []).append(pk)
    return found


def give(engagement: Engagement, owner: User | None) -> None:
    engagement.owner, engagement.owner_name = owner, owner.name if owner else ""
    engagement.save(update_fields=["owner", "owner_name"])


def move_other_steps(handover: Handover) -> dict[str, int]:
    """The leaver's open actions on other people's customers go to whoever owns those, else to
    who hands over; {action id: new owner's id}."""
    rows = Action.objects.filter(owner=handover.leaver, closed_as="")
    posted = people_in_post()
    found: dict[str, int] = {}
    for step in rows.select_related("engagement"):
        owner = step.engagement.owner_id
        receiver = owner if owner in posted and owner != step.owner_id else handover.by_id
        if receiver:
            Action.objects.filter(pk=step.pk).update(owner=receiver)
            found[str(step.pk)] = receiver
    return found


def leaves(handover: Handover) -> bool:
    """The leaver is signed out and has no way in; True when that changed anything."""
    leaver = handover.leaver
    in_post = StaffGrant.objects.filter(user=leaver, ended_at=None).exists()
    if leaver and in_post and handover.by:
        staff.end_grant(actor=handover.by, user=leaver)
    return in_post


def carry_out_due(today: date) -> list[int]:
    """Carry out what is due by today; the ids of the engagements that changed hands."""
    due = Handover.objects.filter(effective_on__lte=today, done_at=None, withdrawn_at=None)
    found: list[int] = []
    for handover in due.order_by("effective_on", "pk"):
        done = carry_out(handover=handover)
        moved = done.items.filter(moved_at__isnull=False)
        found.extend(moved.values_list("engagement_id", flat=True))
    return found


@transaction.atomic
def withdraw(*, handover: Handover, by: User) -> None:
    """The plan is dropped before it was carried out; raises Refused("done")."""
    handover = locked(handover)
    if handover.done_at:
        raise Refused("done")
    if handover.withdrawn_at:
        return
    handover.withdrawn_at = timezone.now()
    handover.save(update_fields=["withdrawn_at"])
    record("handover.withdrawn", actor=by, subject_id=handover.pk)


def undoable(handover: Handover) -> bool:
    """Whether nobody has done anything with what was handed over since."""
    if not handover.done_at or handover.undone_at:
        return False
    moved = handover.items.filter(moved_at__isnull=False)
    ids = list(moved.values_list("engagement_id", flat=True))
    since = Activity.objects.filter(at__gt=handover.done_at, engagement_id__in=ids)
    if since.exclude(actor=None).exclude(verb__in=OWN_VERBS).exists():
        return False
    return not moved.exclude(engagement__owner=F("to")).exists()


@transaction.atomic
def undo(*, handover: Handover, by: User) -> None:
    """Everything goes back as it was; raises Refused("changed") once somebody did something."""
    handover = locked(handover)
    if not undoable(handover):
        raise Refused("changed")
    items = list(handover.items.filter(moved_at__isnull=False).select_related("engagement"))

    handover.undone_at = timezone.now()
    handover.save(update_fields=["undone_at"])
    for item in items:
        give(item.engagement, handover.leaver)
    steps = [pk for item in items for pk in item.actions]
    steps += [int(pk) for pk in handover.kept.get("actions", {})]
    if handover.leaver:
        Action.objects.filter(pk__in=steps).update(owner=handover.leaver)
    if handover.kept.get("ended") and handover.leaver:
        staff.restore_grant(actor=by, user=handover.leaver)
    look_again([each.engagement_id for each in items])
    detail = {"customers": len(items)}
    record("handover.undone", actor=by, subject_id=handover.pk, detail=detail)
    receivers = {each.to_id for each in items}
    notify("handover.undone", receivers, actor=by, subject_id=handover.pk)


@transaction.atomic
def pass_on(*, item: HandoverItem, note: str) -> bool:
    """What the leaver wants the next owner to know; False when it says so already."""
    if item.note == note:
        return False
    item.note, item.noted_at = note, timezone.now()
    item.save(update_fields=["note", "noted_at"])
    return True


def key_of(user: User) -> tuple[str, int]:
    return user.name, user.pk
