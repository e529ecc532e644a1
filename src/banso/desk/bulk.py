"""One verb for many customers: previewed, run in short transactions, owners taken back.

Who may change which customer is asked row by row (engagements.access.writable) when it runs.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.tasks import task
from django.utils import timezone

from banso.actions.models import Action, SetAside
from banso.base.activity import record
from banso.base.models import Role, StaffGrant, User
from banso.base.notices import notify
from banso.base.pacing import paced
from banso.desk.models import Bulk, BulkRow
from banso.engagements import after
from banso.engagements.access import readers_of, writable
from banso.engagements.actions import index_engagements
from banso.engagements.models import Engagement
from banso.goals.models import Stage, Standing
from banso.goals.stage_actions import move

FEW = 500
type Values = Mapping[str, Any]


@dataclass(frozen=True)
class Preview:
    """How many would change, and how many stay as they are, by reason."""

    total: int
    changes: int
    skipped: Mapping[str, int]


@dataclass(frozen=True)
class Verb:
    """`same`: the customer is there already. `apply` changes a chunk and returns what was before,
    by engagement id."""

    same: Callable[[Engagement, Values], bool]
    apply: Callable[[Sequence[Engagement], Values, User], Mapping[int, dict[str, Any]]]


def preview(*, by: User, verb: str, values: Values, ids: Collection[int]) -> Preview:
    """What `begin` would do now, without doing it."""
    reasons: Counter[str] = Counter()
    for chunk in chunks(ids):
        reasons.update(reasons_of(by, verb, values, chunk).values())
    changes = reasons.pop("", 0)
    return Preview(len(ids), changes, dict(reasons))


def begin(*, by: User, verb: str, values: Values, ids: Sequence[int]) -> Bulk:
    """Write the order down; a few hundred customers are done at once, more by the worker."""
    with transaction.atomic():
        bulk = Bulk.objects.create(by=by, verb=verb, values=dict(values), total=len(ids))
        BulkRow.objects.bulk_create(
            (BulkRow(bulk=bulk, engagement_id=each) for each in ids), batch_size=1000
        )
    if len(ids) > FEW:
        run_bulk.enqueue(uid=bulk.uid)
    else:
        run_bulk.call(uid=bulk.uid)
    return Bulk.objects.get(pk=bulk.pk)


@task
def run_bulk(*, uid: str) -> int:
    """Work through what waits, a chunk a transaction; returns how many changed."""
    bulk = Bulk.objects.select_related("by").get(uid=uid)
    waiting = bulk.rows.filter(state=BulkRow.State.WAITING).order_by("pk")
    numbers = list(waiting.values_list("pk", flat=True))
    for chunk in paced(numbers):
        work(bulk, chunk)
    finish(bulk)
    return bulk.changed


@transaction.atomic
def work(bulk: Bulk, numbers: Sequence[int]) -> None:
    rows = list(BulkRow.objects.filter(pk__in=numbers, state=BulkRow.State.WAITING))
    ids = [each.engagement_id for each in rows]
    locked = Engagement.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    known = {each.pk: each for each in locked}
    reasons = reasons_of(bulk.by, bulk.verb, bulk.values, ids)
    changing = [known[each] for each in ids if each in known and not reasons[each]]

    before = VERBS[bulk.verb].apply(changing, bulk.values, bulk.by) if changing else {}
    for row in rows:
        row.reason = reasons[row.engagement_id]
        row.state = BulkRow.State.SKIPPED if row.reason else BulkRow.State.CHANGED
        row.before = dict(before.get(row.engagement_id, {}))
    BulkRow.objects.bulk_update(rows, ["reason", "state", "before"])


@transaction.atomic
def finish(bulk: Bulk) -> None:
    """Count, record one activity for all, and tell the new owner."""
    if bulk.done_at:
        return
    bulk.done_at = timezone.now()
    changed = bulk.rows.filter(state=BulkRow.State.CHANGED)
    skipped = bulk.rows.filter(state=BulkRow.State.SKIPPED).values_list("reason", flat=True)
    bulk.changed, bulk.skipped = changed.count(), dict(Counter(skipped))
    bulk.save(update_fields=["done_at", "changed", "skipped"])
    detail = {"verb": bulk.verb, "changed": bulk.changed, "skipped": bulk.skipped}
    record("bulk.done", actor=bulk.by, subject_id=bulk.pk, detail=detail)
    if bulk.verb == Bulk.Verb.OWNER and bulk.changed:
        receiver = [bulk.values["owner"]]
        count = {"customers": bulk.changed}
        notify("bulk.assigned", receiver, actor=bulk.by, subject_id=bulk.pk, detail=count)
    ids = list(changed.values_list("engagement_id", flat=True)[: FEW + 1])
    transaction.on_commit(lambda: after.announce(ids if len(ids) <= FEW else None))


def reasons_of(by: User, verb: str, values: Values, ids: Collection[int]) -> dict[int, str]:
    """Why each customer would be left as it is; "" for those to change."""
    mine = (
        writable(by, role_of(by)).select_related(None).select_related("standing").filter(pk__in=ids)
    )
    known = {each.pk: each for each in mine}
    same = VERBS[verb].same
    return {pk: reason_of(known.get(pk), values, same) for pk in ids}


def reason_of(
    engagement: Engagement | None, values: Values, same: Callable[[Engagement, Values], bool]
) -> str:
    if engagement is None:
        return "not_yours"
    unreadable = "owner" in values and engagement.restricted
    if unreadable and values["owner"] not in readers_of(engagement.pk):
        return "restricted"
    return "same" if same(engagement, values) else ""


def role_of(user: User) -> Role:
    """The user's role now; a viewer's where they have none any more."""
    grant = StaffGrant.objects.filter(user=user, ended_at=None).first()
    return Role(grant.role) if grant else Role.VIEWER


def undoable(bulk: Bulk) -> bool:
    """Owners can be taken back once."""
    done = bool(bulk.done_at and bulk.changed)
    return bulk.verb == Bulk.Verb.OWNER and done and bulk.undone_at is None


def undo(*, bulk: Bulk, by: User) -> int:
    """Give each customer back to whom it was with, unless it has another owner by now; returns
    how many went back."""
    changed = bulk.rows.filter(state=BulkRow.State.CHANGED).order_by("pk")
    restored = sum(
        give_back(bulk, chunk) for chunk in paced(list(changed.values_list("pk", flat=True)))
    )
    Bulk.objects.filter(pk=bulk.pk).update(undone_at=timezone.now())
    record("bulk.undone", actor=by, subject_id=bulk.pk, detail={"restored": restored})
    return restored


@transaction.atomic
def give_back(bulk: Bulk, numbers: Sequence[int]) -> int:
    rows = BulkRow.objects.filter(pk__in=numbers).select_related("engagement")
    going = [each for each in rows if each.engagement.owner_id == bulk.values["owner"]]
    for row in going:
        row.state = BulkRow.State.RESTORED
        row.engagement.owner_id = row.before["owner"]
        row.engagement.owner_name = row.before["owner_name"]
    Engagement.objects.bulk_update(
        [each.engagement for each in going], ["owner", "owner_name"], batch_size=FEW
    )
    BulkRow.objects.bulk_update(going, ["state"])
    relisted([each.engagement_id for each in going])
    return len(going)


def relisted(ids: Sequence[int]) -> None:
    """What is found and listed by owner, segment or touch is right at once."""
    if ids:
        index_engagements(list(ids))
        after.regrouped(ids)


def same_owner(engagement: Engagement, values: Values) -> bool:
    return bool(engagement.owner_id == values["owner"])


def give_owner(
    rows: Sequence[Engagement], values: Values, by: User
) -> Mapping[int, dict[str, Any]]:
    owner = User.objects.get(pk=values["owner"])
    before = {each.pk: {"owner": each.owner_id, "owner_name": each.owner_name} for each in rows}
    for each in rows:
        each.owner, each.owner_name = owner, owner.name
    Engagement.objects.bulk_update(rows, ["owner", "owner_name"])
    relisted([each.pk for each in rows])
    return before


def label(field: str) -> Verb:
    """A verb that writes one word of the engagement: its segment or its touch."""

    def apply(rows: Sequence[Engagement], values: Values, by: User) -> Mapping[int, dict[str, Any]]:
        before = {each.pk: {field: getattr(each, field)} for each in rows}
        for each in rows:
            setattr(each, field, values[field])
        Engagement.objects.bulk_update(rows, [field])
        relisted([each.pk for each in rows])
        return before

    return Verb(lambda each, values: getattr(each, field) == values[field], apply)


def never(engagement: Engagement, values: Values) -> bool:
    return False


def add_steps(rows: Sequence[Engagement], values: Values, by: User) -> Mapping[int, dict[str, Any]]:
    """An open step each, of the customer's owner or of who was chosen."""
    Action.objects.bulk_create(
        Action(
            engagement=each,
            title=values["title"],
            due_on=date.fromisoformat(values["due_on"]),
            owner_id=values["step_owner"] or each.owner_id or by.pk,
            created_by=by,
        )
        for each in rows
    )
    return {}


def set_aside(rows: Sequence[Engagement], values: Values, by: User) -> Mapping[int, dict[str, Any]]:
    ids = [each.pk for each in rows]
    gaps = dict(Standing.objects.filter(pk__in=ids).values_list("pk", "gap"))
    waiting = SetAside.objects.filter(engagement__in=ids, ended_at=None)
    waiting.update(ended_at=timezone.now())
    SetAside.objects.bulk_create(
        SetAside(
            engagement=each,
            kind=SetAside.Kind.NO_CONCERN if values["reason"] else SetAside.Kind.SNOOZE,
            until=date.fromisoformat(values["until"]),
            reason=values["reason"],
            gap_then=gaps.get(each.pk),
            by=by,
        )
        for each in rows
    )
    return {}


def same_stage(engagement: Engagement, values: Values) -> bool:
    return bool(engagement.standing.stage_id == int(values["stage"]))


def enter_stage(
    rows: Sequence[Engagement], values: Values, by: User
) -> Mapping[int, dict[str, Any]]:
    """Into the stage today, with the evidence of a move."""
    move(engagements=rows, stage=Stage.objects.get(pk=values["stage"]), by=by)
    return {}


def chunks(ids: Collection[int]) -> Iterable[list[int]]:
    rows = list(ids)
    return (rows[first : first + FEW] for first in range(0, len(rows), FEW))


VERBS: dict[str, Verb] = {
    Bulk.Verb.OWNER: Verb(same_owner, give_owner),
    Bulk.Verb.TOUCH: label("touch"),
    Bulk.Verb.SEGMENT: label("segment"),
    Bulk.Verb.STAGE: Verb(same_stage, enter_stage),
    Bulk.Verb.ACTION: Verb(never, add_steps),
    Bulk.Verb.SET_ASIDE: Verb(never, set_aside),
}
