"""One customer: what they want, where they stand, who they are, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from banso.actions.models import Action, Contact
from banso.actions.streams import contacts_by, open_steps
from banso.alerts import pages as changes
from banso.assets.pages.customer import ScriptsAtHand, scripts_at_hand
from banso.base.models import Role, User
from banso.base.workspace import day_end, workspace
from banso.core.estimate import NotEstimable
from banso.core.targets import score
from banso.desk.composer import Composer, composer
from banso.desk.dates import Clock
from banso.desk.models import HandoverItem
from banso.desk.pages.timeline import Timeline, timeline
from banso.desk.rows import Reader, Row, Stood, rows_of
from banso.engagements.access import may_write
from banso.engagements.models import Contract, Engagement
from banso.engagements.values import current_at
from banso.goals.models import Standing
from banso.goals.pages import PlanNow, plan_now
from banso.goals.pages.stages import StagePanel, stage_panel
from banso.goals.plans import PlanTarget, plan_for
from banso.goals.standing import readings_of, stand
from banso.metrics import values
from banso.parties.access import PersonAt, people_of
from banso.plays.asset_steps import Asked, asked_by
from banso.plays.pages.barriers import BarrierPanel, barrier_panel
from banso.talk.pages import Thread, thread
from banso.web.charts import Point
from banso.web.tables import TableState

WEEKS = 26
CONTACTS = 5


@dataclass(frozen=True)
class ContractLine:
    """A contract as it was known on the day."""

    contract: Contract
    running: bool
    outcome: str


@dataclass(frozen=True)
class Customer:
    clock: Clock
    row: Row
    currency: str
    people: Sequence[PersonAt]
    contracts: Sequence[ContractLine]
    contacts: Sequence[Contact]
    more_contacts: bool
    steps: Sequence[Action]
    asked: Mapping[int, Asked]
    timeline: Timeline
    state: TableState
    composer: Composer | None
    plan: PlanNow
    stage: StagePanel | None
    talk: Thread | None
    changes: changes.Section
    barriers: BarrierPanel
    passed_on: HandoverItem | None
    hand: ScriptsAtHand | None

    @property
    def engagement(self) -> Engagement:
        return self.row.engagement

    @property
    def standing(self) -> Stood:
        return self.row.standing

    @property
    def query(self) -> str:
        """What keeps the day when a link leads on."""
        return "" if self.clock.live else f"?as_of={self.clock.as_of.isoformat()}"

    @property
    def older(self) -> str:
        return self.state.to_page(self.timeline.page + 1)

    @property
    def newer(self) -> str:
        return self.state.to_page(self.timeline.page - 1)


@dataclass(frozen=True)
class Trend:
    engagement: Engagement
    clock: Clock
    points: Sequence[Point]

    @property
    def known(self) -> int:
        return sum(point.value is not None for point in self.points)


def customer_page(
    engagement: Engagement, *, user: User, role: Role, clock: Clock, state: TableState
) -> Customer:
    """The page as of a day; today's standing is the stored one, a past day's is computed."""
    writable = clock.live and may_write(user, role, engagement)
    reader = Reader(user, None, lambda each: writable)
    [row] = rows_of([standing_of(engagement, clock)], as_of=clock.as_of, reader=reader)
    contacts = list(contacts_of(engagement, clock.as_of))
    contracts = contracts_of(engagement, clock.as_of)
    people = people_of([engagement.party_id], clock.as_of).get(engagement.party_id, [])
    steps = steps_of(engagement, clock.as_of)
    stage = stage_panel(engagement, clock.as_of, may_move=writable)
    return Customer(
        clock=clock,
        row=row,
        currency=workspace().currency,
        people=people,
        contracts=contracts,
        contacts=contacts[:CONTACTS],
        more_contacts=len(contacts) > CONTACTS,
        steps=steps,
        asked=asked_by(steps),
        timeline=timeline(
            engagement,
            clock.as_of,
            state.page,
            contracts=[each.contract for each in contracts],
            moves=stage.moves if stage else (),
        ),
        state=state,
        composer=composer_for(engagement, user, clock, people) if writable else None,
        plan=plan_now(engagement, clock.as_of),
        stage=stage,
        talk=thread(engagement, user=user, role=role) if clock.live else None,
        changes=changes.of_customer(engagement, user, role, clock.as_of),
        barriers=barrier_panel(engagement, clock.as_of, may_write=writable),
        passed_on=passed_on(engagement, clock.as_of),
        hand=scripts_at_hand(engagement, user, may_open=writable) if clock.live else None,
    )


def passed_on(engagement: Engagement, as_of: date) -> HandoverItem | None:
    """What the owner before wanted the present one to know, if that is how it came to them."""
    items = HandoverItem.objects.filter(
        engagement=engagement,
        to=engagement.owner,
        handover__undone_at=None,
        moved_at__lt=day_end(as_of),
    ).exclude(note="")
    return items.select_related("handover__leaver").order_by("-moved_at").first()


def standing_of(engagement: Engagement, clock: Clock) -> Stood:
    stored = Standing.objects.filter(engagement=engagement).first() if clock.live else None
    return stored or stand(clock.as_of, [engagement.pk])[engagement.pk]


def contacts_of(engagement: Engagement, as_of: date) -> QuerySet[Contact]:
    rows = contacts_by(as_of, [engagement.pk]).select_related("by").prefetch_related("people")
    return rows.order_by("-occurred_at", "-id")[: CONTACTS + 1]


def steps_of(engagement: Engagement, as_of: date) -> list[Action]:
    steps = open_steps(as_of, [engagement.pk])
    return list(steps.select_related("owner", "engagement__party", "step_run__step"))


def contracts_of(engagement: Engagement, as_of: date) -> list[ContractLine]:
    rows = Contract.objects.filter(engagement=engagement, start_on__lte=as_of)
    return [contract_line(row, as_of) for row in rows.order_by("-start_on", "-id")]


def contract_line(row: Contract, as_of: date) -> ContractLine:
    known = row.outcome_known_on is not None and row.outcome_known_on <= as_of
    runs = row.start_on <= as_of < row.end_on
    outcome = row.outcome if known else "running" if runs else "pending"
    return ContractLine(row, runs, outcome)


def composer_for(
    engagement: Engagement, user: User, clock: Clock, people: Sequence[PersonAt]
) -> Composer:
    return composer(
        "contact",
        engagement,
        user=user,
        place="customer",
        rank=1,
        today=clock.today,
        people=people,
    )


def trend_page(engagement: Engagement, clock: Clock) -> Trend:
    """The gap on this day and on each of the 25 weeks before it, all against the targets of
    this day, so that the line moves only where the customer did."""
    days = [clock.as_of - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    pairs = [(engagement.pk, day) for day in days]
    targets = plan_for([engagement.pk], clock.as_of)[engagement.pk].targets
    measured = values.at(pairs, [target.key for target in targets])
    going_on = current_at(pairs)
    points = [
        Point(pair[1], gap_of(targets, measured.get(pair, {})) if pair in going_on else None)
        for pair in pairs
    ]
    return Trend(engagement, clock, points)


def gap_of(targets: Sequence[PlanTarget], measured: Mapping[str, float | None]) -> float | None:
    """The gap to these targets; None while too little is measured."""
    result = score(readings_of(targets, measured))
    return None if isinstance(result, NotEstimable) else result.gap
