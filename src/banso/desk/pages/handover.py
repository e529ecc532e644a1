"""Choosing who receives a book, and a hand-over as it was planned and done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from banso.actions.models import Action, SetAside
from banso.base.models import Role, StaffGrant, User
from banso.base.roles import ADMINS, MANAGERS
from banso.base.workspace import local_today, workspace
from banso.desk.handover import parcel, share_out, undoable
from banso.desk.handover_forms import HandoverForm
from banso.desk.loads import loads_of
from banso.desk.models import Handover, HandoverItem
from banso.engagements.access import colleagues, engagements, owners
from banso.engagements.models import Engagement

PAST = 5


@dataclass(frozen=True)
class Offer:
    """One customer of the book and to whom it would go."""

    engagement: Engagement
    to: User | None
    steps: int


@dataclass(frozen=True)
class Receiver:
    """A colleague who may receive: load before and after, in low-touch customers."""

    user: User
    chosen: bool
    customers: int
    before: float
    after: float


@dataclass(frozen=True)
class SegmentChoice:
    field: str
    segment: str
    customers: int
    to: str


@dataclass(frozen=True)
class NewHandover:
    leaver: User
    rule: str
    rules: Sequence[str]
    offers: Sequence[Offer]
    receivers: Sequence[Receiver]
    segments: Sequence[SegmentChoice]
    form: HandoverForm
    hidden: int
    waiting: Handover | None
    past: Sequence[Handover]
    snoozed: int
    steps: int
    elsewhere: int
    may_end: bool
    currency: str


@dataclass(frozen=True)
class HandoverPage:
    handover: Handover
    today: date
    items: Sequence[HandoverItem]
    moved: int
    noted: int
    steps: int
    undoable: bool
    writable: bool
    notable: bool
    currency: str

    @property
    def state(self) -> str:
        """withdrawn, undone, done or planned."""
        if self.handover.withdrawn_at:
            return "withdrawn"
        if self.handover.undone_at:
            return "undone"
        return "done" if self.handover.done_at else "planned"


def new_handover(
    *, user: User, role: Role, leaver: User, words: QueryDict, form: HandoverForm
) -> NewHandover:
    """The preview: whom each customer would go to, and what each colleague would then carry."""
    rule = words.get("rule", Handover.Rule.BALANCED)
    rule = rule if rule in Handover.Rule.values else Handover.Rule.BALANCED
    book = list(book_of(user, leaver))
    everybody = [each for each in owners() if each != leaver]
    chosen = receivers_asked(words, everybody, leaver)
    chosen = chosen[:1] if rule == Handover.Rule.ONE else chosen
    segments = segment_choices(words, book, everybody)
    shares = shares_of(rule, book, chosen, segments, everybody)
    steps = steps_by_engagement(leaver, book)
    everywhere = Action.objects.filter(owner=leaver, closed_as="").count()
    return NewHandover(
        leaver=leaver,
        rule=rule,
        rules=Handover.Rule.values,
        offers=[Offer(each, shares.get(each.pk), steps[each.pk]) for each in book],
        receivers=receivers_of(everybody, chosen, book, shares),
        segments=segments,
        form=form,
        hidden=Engagement.objects.filter(owner=leaver, merged_into=None, ended_on=None).count()
        - len(book),
        waiting=Handover.objects.filter(
            leaver=leaver, whole=True, done_at=None, withdrawn_at=None
        ).first(),
        past=list(leaver.handovers_from.filter(done_at__isnull=False).order_by("-done_at")[:PAST]),
        snoozed=SetAside.objects.filter(
            engagement__in=[each.pk for each in book], ended_at=None
        ).count(),
        steps=sum(steps.values()),
        elsewhere=everywhere - sum(steps.values()),
        may_end=role in ADMINS and StaffGrant.objects.filter(user=leaver, ended_at=None).exists(),
        currency=workspace().currency,
    )


def book_of(user: User, leaver: User) -> Sequence[Engagement]:
    """The leaver's customers that `user` may read and that have not ended, largest stake first."""
    mine = engagements(user).filter(owner=leaver, ended_on=None).select_related("standing")
    return list(mine.order_by("-standing__by_stake", "pk"))


def receivers_asked(words: QueryDict, everybody: Sequence[User], leaver: User) -> list[User]:
    """Those ticked; at first the leaver's own team, else everybody."""
    asked = set(words.getlist("to"))
    ticked = [each for each in everybody if each.uid in asked]
    if ticked or "rule" in words:
        return ticked
    team = set(colleagues(leaver).values_list("pk", flat=True))
    return [each for each in everybody if each.pk in team] or list(everybody)


def segment_choices(
    words: QueryDict, book: Sequence[Engagement], everybody: Sequence[User]
) -> list[SegmentChoice]:
    counts = sorted(Counter(each.segment for each in book).items())
    first = everybody[0].uid if everybody else ""
    return [
        SegmentChoice(f"segment-{n}", segment, count, words.get(f"segment-{n}", first))
        for n, (segment, count) in enumerate(counts)
    ]


def shares_of(
    rule: str,
    book: Sequence[Engagement],
    chosen: Sequence[User],
    segments: Sequence[SegmentChoice],
    everybody: Sequence[User],
) -> Mapping[int, User]:
    if rule == Handover.Rule.SEGMENT:
        people = {each.uid: each for each in everybody}
        going = {each.segment: people.get(each.to) for each in segments}
        found = {each.pk: going[each.segment] for each in book}
        return {pk: to for pk, to in found.items() if to}
    return share_out(book, rule, chosen) if chosen else {}


def steps_by_engagement(leaver: User, book: Sequence[Engagement]) -> Counter[int]:
    mine = {each.pk for each in book}
    rows = Action.objects.filter(owner=leaver, closed_as="").values_list("engagement_id", flat=True)
    return Counter(each for each in rows if each in mine)


def receivers_of(
    everybody: Sequence[User],
    chosen: Sequence[User],
    book: Sequence[Engagement],
    shares: Mapping[int, User],
) -> list[Receiver]:
    before = loads_of(everybody)
    received: Counter[int] = Counter(to.pk for to in shares.values())
    weighs: dict[int, float] = {}
    for each in book:
        if to := shares.get(each.pk):
            weighs[to.pk] = weighs.get(to.pk, 0.0) + parcel(each).weight
    return [
        Receiver(
            user=each,
            chosen=each in chosen,
            customers=received[each.pk],
            before=before[each.pk],
            after=before[each.pk] + weighs.get(each.pk, 0.0),
        )
        for each in everybody
    ]


def handover_page(handover: Handover, *, user: User, role: Role) -> HandoverPage:
    """What goes to whom; only the customers that `user` may read."""
    items = items_of(handover, user)
    leads = role in MANAGERS or user.pk == handover.by_id
    return HandoverPage(
        handover=handover,
        today=local_today(),
        items=items,
        moved=sum(each.moved_at is not None for each in items),
        noted=sum(bool(each.note) for each in items),
        steps=sum(len(each.actions) for each in items),
        undoable=undoable(handover),
        writable=leads,
        notable=not handover.undone_at and (leads or user.pk == handover.leaver_id),
        currency=workspace().currency,
    )


def items_of(handover: Handover, user: User) -> list[HandoverItem]:
    readable = engagements(user).values("pk")
    rows = handover.items.filter(engagement__in=readable)
    return list(
        rows.select_related("engagement__party", "engagement__standing", "to").order_by(
            "to__name", "-engagement__standing__by_stake", "pk"
        )
    )
