"""What the next owner must know of each customer, one page of paper each."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from banso.actions.models import Action, Contact, SetAside
from banso.actions.streams import contacts_by, open_steps, set_aside_on
from banso.base.models import User
from banso.base.workspace import local_today, workspace
from banso.desk.models import HandoverItem
from banso.engagements.access import engagements
from banso.engagements.models import Contract, Engagement
from banso.goals.pages import PlanNow, plans_now
from banso.parties.access import PersonAt, people_of

CONTACTS = 4
STEPS = 6
PEOPLE = 8
TARGETS = 8


@dataclass(frozen=True)
class Sheet:
    """One customer; lists are cut to what a page holds, `more_steps` and `more_people` say so."""

    number: int
    engagement: Engagement
    plan: PlanNow
    contract: Contract | None
    people: Sequence[PersonAt]
    more_people: int
    contacts: Sequence[Contact]
    steps: Sequence[Action]
    more_steps: int
    aside: SetAside | None
    item: HandoverItem | None

    @property
    def targets(self) -> Sequence[object]:
        return self.plan.targets[:TARGETS]


@dataclass(frozen=True)
class Pack:
    today: date
    sheets: Sequence[Sheet]
    currency: str

    @property
    def book(self) -> bool:
        """More than one customer: a page of contents comes first."""
        return len(self.sheets) > 1


def pack_page(
    customers: Collection[Engagement], *, user: User, items: Collection[HandoverItem] = ()
) -> Pack:
    """The sheets of those customers that `user` may read; a fixed number of statements."""
    today = local_today()
    wanted = [each.pk for each in customers]
    rows = engagements(user).select_related("party", "owner").in_bulk(wanted)
    ids = [pk for pk in wanted if pk in rows]
    plans = plans_now([rows[pk] for pk in ids], today)
    people = people_of([rows[pk].party_id for pk in ids], today)
    contacts, steps = last_contacts(ids, today), steps_of(ids, today)
    contracts, waiting = contracts_of(ids, today), set_aside_on(today, ids)
    aside = {each.engagement_id: each for each in waiting}
    noted = {each.engagement_id: each for each in items}
    sheets = [
        Sheet(
            number=number,
            engagement=rows[pk],
            plan=plans[pk],
            contract=contracts.get(pk),
            people=people.get(rows[pk].party_id, [])[:PEOPLE],
            more_people=max(0, len(people.get(rows[pk].party_id, [])) - PEOPLE),
            contacts=contacts[pk],
            steps=steps[pk][:STEPS],
            more_steps=max(0, len(steps[pk]) - STEPS),
            aside=aside.get(pk),
            item=noted.get(pk),
        )
        for number, pk in enumerate(ids, start=1)
    ]
    return Pack(today, sheets, workspace().currency)


def last_contacts(ids: Collection[int], today: date) -> dict[int, list[Contact]]:
    place = Window(
        RowNumber(),
        partition_by=F("engagement"),
        order_by=[F("occurred_at").desc(), F("pk").desc()],
    )
    rows = contacts_by(today, ids).annotate(place=place).filter(place__lte=CONTACTS)
    found: dict[int, list[Contact]] = defaultdict(list)
    for row in rows.select_related("by").prefetch_related("people").order_by("place"):
        found[row.engagement_id].append(row)
    return found


def steps_of(ids: Collection[int], today: date) -> dict[int, list[Action]]:
    found: dict[int, list[Action]] = defaultdict(list)
    for row in open_steps(today, ids).select_related("owner"):
        found[row.engagement_id].append(row)
    return found


def contracts_of(ids: Collection[int], today: date) -> dict[int, Contract]:
    """The contract that runs, or ran last."""
    rows = Contract.objects.filter(engagement__in=ids, start_on__lte=today)
    return {row.engagement_id: row for row in rows.order_by("end_on", "pk")}
