"""A restricted customer does not exist for those who may not read it: no page, export, search or
count of theirs shows it. The walk goes over every address of the hand-written table."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from banso.actions.models import Action, Contact, SetAside
from banso.assets.use import show
from banso.assets.walkthroughs import open_script
from banso.base.activity import record
from banso.base.models import Role
from banso.base.search import index
from banso.base.workspace import local_today
from banso.cases.retrospectives import Occasion, Sheet, hold
from banso.desk.models import Handover, HandoverItem
from banso.engagements.actions import index_engagements, open_up, restrict
from banso.engagements.models import Contract, Engagement
from banso.events.models import ExternalId, Import, ImportChange, ImportProblem
from banso.events.sources import default_source
from banso.goals.models import Goal, Standing, Statement
from banso.messages.models import Bounce
from banso.metrics.models import LatestValue, Measurement
from banso.parties.models import Membership, Organization, Party, Person
from banso.talk.actions import comment
from tests.assets.making import make_script
from tests.cases.making import a_case, a_run, done
from tests.house.alone import each_alone
from tests.house.doors import TABLE, arguments_of
from tests.messages.making import hello, written
from tests.world import build

CANARY = "カナリア銀行"
ROWS = [line.split() for line in TABLE.strip().splitlines()]
COLUMN = {Role.VIEWER: 1, Role.SUCCESS: 2, Role.MANAGER: 3}
OF_A_CUSTOMER = [row for row in ROWS if row[-1] == "customer"]
OF_A_CUSTOMER += [row for row in ROWS if row[0] in ("customer-comments", "follow")]
ALIKE = (
    "customers",
    "today",
    "metrics",
    "metric",
    "metric-history",
    "plans",
    "customers-export",
    "portfolio",
    "promises",
    "alerts",
    "alert-settings",
)
MOVING = re.compile(r'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"|X-CSRFToken": "\w+"')


@pytest.fixture
def house(staff, sign_in):
    """The walkers, who read all but one customer, and the owner of that one."""
    keeper = staff(Role.SUCCESS, name="担当 守")
    walkers = {role: staff(role, name=f"歩く {role}") for role in COLUMN}
    world = build(4, walkers[Role.SUCCESS])
    return world, keeper, walkers, {role: sign_in(user) for role, user in walkers.items()}


def hide(world, keeper, trap) -> Engagement:
    """A customer with something in every room; `trap` owns one of its steps."""
    day, now = local_today(), timezone.now()
    party = Party.objects.create(kind="organization", name=CANARY, name_key=CANARY)
    Organization.objects.create(party=party)
    person = Party.objects.create(kind="person", name=f"{CANARY}の人", name_key="x")
    Person.objects.create(party=person, email="canary@example.jp")
    Membership.objects.create(person=person, home=party)
    engagement = Engagement.objects.create(party=party, owner=keeper, segment=CANARY, touch="high")
    index_engagements([engagement.pk])
    contact = Contact.objects.create(
        engagement=engagement, by=trap, occurred_at=now - timedelta(days=1), summary=CANARY
    )
    contact.people.add(person)
    Action.objects.create(engagement=engagement, title=CANARY, owner=trap, due_on=day)
    SetAside.objects.create(engagement=engagement, kind="snooze", until=day, by=trap)
    Contract.objects.create(
        engagement=engagement,
        start_on=day,
        end_on=day + timedelta(days=20),
        currency="JPY",
        annual_minor=9_999_999,
        reference=CANARY,
    )
    told(world, engagement, trap)
    talked(engagement, trap)
    used(engagement, trap)
    passed_on(world, engagement, trap)
    index("engagement", [(engagement.pk, CANARY)])
    restrict(engagement=engagement, reason="合併の協議", readers=[], by=keeper)
    return engagement


def told(world, engagement, trap) -> None:
    """Plans, values, a standing, activities, and an import that named the customer."""
    day = local_today()
    goal = Goal.objects.create(engagement=engagement, words=CANARY)
    Statement.objects.create(goal=goal, on=day, words=CANARY, by=trap)
    for metric in world.metrics:
        words = {"metric": metric, "engagement": engagement, "as_of": day, "value": 4.25}
        Measurement.objects.create(**words, source=CANARY)
        LatestValue.objects.create(**words, version=1)
    Standing.objects.create(
        engagement=engagement, as_of=day, gap=0.9, stake=9_000_000, plan="own", next_on=day
    )
    record("contact.recorded", actor=trap, engagement_id=engagement.pk)
    handover = Handover.objects.create(leaver=trap, by=trap, effective_on=day)
    HandoverItem.objects.create(handover=handover, engagement=engagement, to=trap, note=CANARY)
    owner = Import.objects.create(
        kind="accounts", source=default_source(), status="undone", file_name="f", digest="0", size=1
    )
    ImportProblem.objects.create(owner=owner, line=2, code="missing", found=f"{CANARY} 本店")
    ImportProblem.objects.create(owner=owner, line=3, code="missing", found="CANARY-ID-1")
    ImportChange.objects.create(owner=owner, table="engagement", row=engagement.pk, kept=True)
    ExternalId.objects.create(
        source=owner.source, kind="account", value="CANARY-ID-1", engagement=engagement
    )


def talked(engagement, trap) -> None:
    """A comment that mentions the walker, and what they were told before it was restricted."""
    comment(engagement=engagement, by=engagement.owner, text=f"{CANARY} @{trap.name}")


def used(engagement, trap) -> None:
    """A script that was shown to them, and one that is being followed."""
    script = make_script(by=trap)
    show(version=script.current, engagement=engagement, by=trap)
    open_script(asset=script, by=trap, language="ja", engagement=engagement)
    [row] = written(engagement, hello(trap), by=trap)
    Bounce.objects.create(message=row, address="canary@example.jp", kind="soft", at=row.written_at)


def passed_on(world, engagement, trap):
    """A case that every colleague reads, and a retrospective."""
    row = done(a_run(world.metrics[0], trap), engagement)
    a_case(row, trap, title=f"{CANARY}の再出発", situation=f"{CANARY}の人と話した。")
    sheet = Sheet(CANARY, local_today(), likely=CANARY)
    hold(sheet=sheet, of=Occasion(engagement, intervention=row), by=trap)


def addresses(role, world, walkers):
    """Every address the role may read, and the searches and filters that might betray."""
    for row in ROWS:
        if "R" in row[COLUMN[role]]:
            yield reverse(row[0], args=arguments_of(row[0], world, walkers))
    for words in (f"q={CANARY}", "q=CANARY-ID-1", "q=canary@example.jp", f"segment={CANARY}"):
        yield f"{reverse('customers')}?{words}&state=all"
        yield f"{reverse('customers-export')}?{words}&state=all"
        yield f"{reverse('search')}?{words}"
        yield f"{reverse('cases')}?{words}"
        yield f"{reverse('comments')}?{words}"
    yield f"{reverse('comments')}?mine=1"
    yield f"{reverse('notifications')}?show=all"
    for scope in ("me", "team", "all"):
        yield f"{reverse('today')}?scope={scope}"
    for handover in Handover.objects.all() if role != Role.VIEWER else ():
        yield reverse("handover", args=[handover.uid])
        yield reverse("handover-pack", args=[handover.uid])
    for owner in Import.objects.all():
        yield reverse("import", args=[owner.uid])
        yield reverse("import-problems", args=[owner.uid])


@pytest.mark.any_database
@pytest.mark.parametrize("role", COLUMN)
def test_no_page_of_a_stranger_names_it(house, role):
    world, keeper, walkers, clients = house
    hide(world, keeper, walkers[Role.SUCCESS])
    seen = 0
    for url in addresses(role, world, walkers):
        answer = clients[role].get(url)
        assert answer.status_code in (200, 404), url
        body = answer.getvalue().decode(errors="replace")
        assert CANARY not in without_echo(body), url
        assert "9,999,999" not in body, url
        seen += answer.status_code == 200
    assert seen > 20


def without_echo(body: str) -> str:
    """Where somebody typed the words themselves, the page may repeat them in field and links."""
    return re.sub(r'(value|href|action|hx-get)="[^"]*"', "", body)


@pytest.mark.any_database
def test_every_address_of_it_is_404(house, subtests):
    world, keeper, walkers, clients = house
    hidden = hide(world, keeper, walkers[Role.SUCCESS])
    for row in each_alone(OF_A_CUSTOMER, clients.values()):
        url = reverse(row[0], args=arguments_of(row[0], world, walkers, foreign=hidden))
        for role in COLUMN:
            with subtests.test(row[0], role=role):
                if "R" in row[COLUMN[role]]:
                    assert clients[role].get(url).status_code == 404
                if "W" in row[COLUMN[role]]:
                    assert clients[role].post(url, {}).status_code == 404


@pytest.mark.parametrize("name", ALIKE)
def test_the_page_is_the_same_without_it(house, name):
    """Counts, sums and choices do not tell that there is one more."""
    world, keeper, walkers, clients = house
    url = reverse(name, args=arguments_of(name, world, walkers))
    client = clients[Role.MANAGER]
    client.get(url)
    before = still(client.get(url))
    hide(world, keeper, walkers[Role.SUCCESS])
    assert still(client.get(url)) == before


def still(answer) -> str:
    return MOVING.sub("", answer.getvalue().decode())


def test_a_named_reader_the_owner_and_an_administrator_read_it(house, staff, sign_in):
    world, keeper, walkers, clients = house
    hidden = hide(world, keeper, walkers[Role.SUCCESS])
    url = reverse("customer", args=[hidden.uid])
    assert sign_in(keeper).get(url).status_code == 200
    assert sign_in(staff(Role.ADMIN)).get(url).status_code == 200
    restrict(engagement=hidden, reason="協議", readers=[walkers[Role.VIEWER]], by=keeper)
    assert clients[Role.VIEWER].get(url).status_code == 200
    assert clients[Role.MANAGER].get(url).status_code == 404
    open_up(engagement=hidden, by=keeper)
    assert clients[Role.MANAGER].get(url).status_code == 200
