"""What happened with one engagement, the latest first: contacts, contracts and every verb."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from django.utils import timezone

from banso.actions.models import Action, Contact, SetAside
from banso.actions.streams import contacts_by
from banso.alerts.models import Alert
from banso.assets.pages.customer import ShownLine, shown_by
from banso.base.models import Activity
from banso.base.workspace import day_end
from banso.engagements.access import merged_ids
from banso.engagements.models import Contract, Engagement
from banso.goals.models import Reply
from banso.goals.pages.stages import Past
from banso.messages.models import Message
from banso.plays.models import Barrier, Intervention
from banso.talk.pages import Said, said_until

type Told = (
    Contact | Action | Alert | SetAside | Contract | Reply | Barrier | Intervention | Message
)
type Subject = Told | Said | Past | ShownLine | None
PER_PAGE = 20
TOLD_BY_THE_ROW = ("contact.recorded", "contract.added", "comment.written", "stage.moved")
NOT_TOLD = (
    *("comment.edited", "comment.deleted", "engagement.followed", "engagement.unfollowed"),
    *("asset.followed", "asset.finished", "asset.reacted"),
    *("walkthrough.begun", "walkthrough.logged", "walkthrough.dropped"),
    *("message.written", "message.sent", "message.tried_again"),  # told by what they leave behind
)


@dataclass(frozen=True)
class Entry:
    """One thing that happened; `subject` is its row where it still exists."""

    at: datetime
    kind: Literal["contact", "contract", "outcome", "comment", "stage", "activity"]
    verb: str
    who: str
    subject: Subject
    detail: dict[str, object]
    whole_day: bool = False


@dataclass(frozen=True)
class Timeline:
    entries: Sequence[Entry]
    page: int
    more: bool


def timeline(
    engagement: Engagement,
    as_of: date,
    page: int,
    *,
    contracts: Iterable[Contract],
    moves: Iterable[Past],
) -> Timeline:
    """One page of it, as known by the end of `as_of`; a fixed number of statements. `contracts`
    are those begun by then."""
    first, last = (page - 1) * PER_PAGE, page * PER_PAGE
    found = sorted(
        [
            *contact_entries(engagement, as_of, last + 1),
            *contract_entries(contracts, as_of),
            *activity_entries(engagement, as_of, last + 1),
            *comment_entries(engagement, as_of, last + 1),
            *stage_entries(moves),
        ],
        key=lambda entry: entry.at,
        reverse=True,
    )
    return Timeline(found[first:last], page, len(found) > last)


def contact_entries(engagement: Engagement, as_of: date, limit: int) -> Iterator[Entry]:
    rows = (
        contacts_by(as_of, [engagement.pk])
        .select_related("by", "walkthrough__version")
        .defer("walkthrough__version__body")
    )
    for row in rows.prefetch_related("people").order_by("-occurred_at", "-id")[:limit]:
        who = row.by.name if row.by else row.staff_name
        yield Entry(row.occurred_at, "contact", "", who, row, {})


def contract_entries(contracts: Iterable[Contract], as_of: date) -> Iterator[Entry]:
    for row in contracts:
        yield Entry(start_of(row.start_on), "contract", "", "", row, {}, whole_day=True)
        known = row.outcome_known_on
        if known is not None and known <= as_of:
            yield Entry(start_of(known), "outcome", row.outcome, "", row, {}, whole_day=True)


def stage_entries(moves: Iterable[Past]) -> Iterator[Entry]:
    for each in moves:
        who = each.move.by.name if each.move.by else ""
        yield Entry(start_of(each.move.on), "stage", "", who, each, {}, whole_day=True)


def comment_entries(engagement: Engagement, as_of: date, limit: int) -> Iterator[Entry]:
    for said in said_until(engagement, day_end(as_of), limit):
        who = said.comment.by.name if said.comment.by else ""
        yield Entry(said.comment.at, "comment", "", who, said, {})


def activity_entries(engagement: Engagement, as_of: date, limit: int) -> Iterator[Entry]:
    rows = (
        Activity.objects.filter(engagement_id__in=merged_ids(engagement), at__lt=day_end(as_of))
        .exclude(verb__in=TOLD_BY_THE_ROW + NOT_TOLD)
        .select_related("actor")
        .order_by("-at", "-id")[:limit]
    )
    activities = list(rows)
    subjects = subjects_of(activities)
    for row in activities:
        who = row.actor.name if row.actor else ""
        noun = row.verb.partition(".")[0]
        yield Entry(
            row.at, "activity", row.verb, who, subjects.get((noun, row.subject_id)), row.detail
        )


def subjects_of(activities: Iterable[Activity]) -> dict[tuple[str, int | None], Subject]:
    """The rows that these activities speak of, by noun and number."""
    rows = list(activities)
    steps = Action.objects.select_related("owner").in_bulk(numbers(rows, "action."))
    raised = Alert.objects.select_related("person").in_bulk(numbers(rows, "alert.raised"))
    pauses = SetAside.objects.in_bulk(numbers(rows, "set_aside."))
    replies = Reply.objects.in_bulk(numbers(rows, "reply."))
    showings = shown_by(numbers(rows, "asset.shown"))
    barriers = Barrier.objects.select_related("kind").in_bulk(numbers(rows, "barrier."))
    given = Intervention.objects.select_related("play").in_bulk(numbers(rows, "intervention."))
    letters = Message.objects.defer("body").in_bulk(numbers(rows, "message."))
    return {
        **{("action", number): step for number, step in steps.items()},
        **{("alert", number): alert for number, alert in raised.items()},
        **{("set_aside", number): pause for number, pause in pauses.items()},
        **{("reply", number): reply for number, reply in replies.items()},
        **{("asset", number): each for number, each in showings.items()},
        **{("message", number): each for number, each in letters.items()},
        **{("barrier", number): barrier for number, barrier in barriers.items()},
        **{("intervention", number): each for number, each in given.items()},
    }


def numbers(rows: Iterable[Activity], noun: str) -> list[int]:
    return [row.subject_id for row in rows if row.verb.startswith(noun) and row.subject_id]


def start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
