"""The pages of success plans, through HTTP: what is shown, taken, refused and kept."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from banso.base.jobs import run_all
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.engagements.models import Contract
from banso.goals.actions import TargetDraft, adopt_standard
from banso.goals.models import Agreement, Goal, Stage, Standing, Target
from banso.goals.pages import plan_now
from banso.goals.plans import plan_for
from banso.goals.standing import stand
from banso.parties.actions import PersonCard, create_parties
from banso.parties.models import Membership
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import day, draft, labelled, make_metric, make_silence, measure


@pytest.fixture(autouse=True)
def _nothing_kept(db):
    cache.clear()


@pytest.fixture
def manager(staff):
    return staff(Role.MANAGER, language="en")


@pytest.fixture
def client(manager, sign_in):
    return sign_in(manager)


@pytest.fixture
def customer(workspace):
    found = make_customer("青空商事", segment="大手", touch="high")
    today = local_today()
    make_contract(found, str(today - timedelta(days=100)), str(today + timedelta(days=200)))
    return found


def typed(*targets, **purpose):
    """The plan form as a browser sends it."""
    words = {"words": "", "ideal": "", "said_by": "", "said_on": ""} | purpose
    data = {f"purpose-{name}": value for name, value in words.items()}
    data |= {"targets-TOTAL_FORMS": len(targets), "targets-INITIAL_FORMS": 0}
    for index, cells in enumerate(targets):
        data |= {f"targets-{index}-{name}": value for name, value in cells.items()}
    return data


def test_a_plan_is_written_in_one_go_and_starts_where_it_is_now(client, customer):
    metric = make_metric()
    measure(metric, customer, str(local_today() - timedelta(days=3)), 4)
    row = {"metric": metric.uid, "floor": "0", "target": "10", "weight": "2"}
    data = typed(row, words="欠品を\nなくしたい", ideal="欠品ゼロ")
    answer = client.post(f"/customers/{customer.uid}/plan/", data)
    assert (answer.status_code, answer.url) == (302, f"/customers/{customer.uid}/plan/")

    goal, target = Goal.objects.get(), Target.objects.get()
    assert (goal.words.replace("\r", ""), goal.ideal) == ("欠品を\nなくしたい", "欠品ゼロ")
    assert (target.start, target.floor, target.target, target.weight) == (4, 0, 10, 2)
    assert Standing.objects.get().gap == pytest.approx(0.6)
    page = client.get(answer.url).text
    assert "欠品ゼロ" in page
    assert "60%" in page


def test_shares_are_typed_as_per_cent(client, customer):
    metric = make_metric(unit="percent")
    row = {"metric": metric.uid, "start": "12.5", "floor": "10", "target": "80"}
    client.post(f"/customers/{customer.uid}/plan/", typed(row))
    target = Target.objects.get()
    assert (target.start, target.floor, target.target) == (0.125, 0.1, 0.8)
    page = client.get(f"/customers/{customer.uid}/plan/").text
    assert re.search(r'name="targets-0-start" value="12.5"', page)


def test_what_cannot_be_taken_is_said_at_its_field_and_nothing_is_kept(client, customer):
    metric = make_metric()
    row = {"metric": metric.uid, "floor": "10", "target": "10"}
    answer = client.post(f"/customers/{customer.uid}/plan/", typed(row, words="…"))
    assert answer.status_code == 422
    assert "Target and floor are the same" in answer.text
    assert not Goal.objects.exists()

    row = {"metric": metric.uid, "floor": "x", "target": ""}
    answer = client.post(f"/customers/{customer.uid}/plan/", typed(row))
    assert answer.text.count("Write a number.") == 2


def test_taking_away_every_target_returns_to_the_standard(client, customer):
    metric = make_metric()
    row = {"metric": metric.uid, "floor": "0", "target": "10"}
    client.post(f"/customers/{customer.uid}/plan/", typed(row))
    assert plan_for([customer.pk], local_today())[customer.pk].kind == "own"
    client.post(f"/customers/{customer.uid}/plan/", typed({"metric": ""}))
    assert plan_for([customer.pk], local_today())[customer.pk].kind == "none"


def test_agreement_names_a_person_and_shows_when_the_plan_moved_on(client, customer):
    person = create_parties([PersonCard("田中 一郎")])[0]
    Membership.objects.create(person=person, home=customer.party)
    metric = make_metric()
    row = {"metric": metric.uid, "floor": "0", "target": "10"}
    url = f"/customers/{customer.uid}/plan/"
    client.post(url, typed(row, words="…", said_by=person.uid))

    answer = client.post(f"{url}agreement/", {"state": "agreed", "agreement-how": "meeting"})
    assert answer.status_code == 422
    assert "Say who agreed." in answer.text
    data = {"state": "agreed", "agreement-how": "meeting", "agreement-person": person.uid}
    assert client.post(f"{url}agreement/", data).status_code == 302
    assert Agreement.objects.get().person == person
    page = client.get(url).text
    assert "Agreed with 田中 一郎" in page
    assert "changed since" not in page

    client.post(url, typed(row | {"target": "12"}, words="…", said_by=person.uid))
    assert "changed since" in client.get(url).text


def test_a_person_of_another_customer_cannot_have_said_it(client, customer):
    stranger = create_parties([PersonCard("他社 太郎")])[0]
    url = f"/customers/{customer.uid}/plan/"
    assert client.post(url, typed(words="…", said_by=stranger.uid)).status_code == 422


def history(metric, *, n=24):
    """n customers who renewed at a level around 9, and as many who left around 2."""
    today = local_today()
    for number in range(2 * n):
        lost = number % 2 == 1
        each = make_customer(f"過去{number}", segment="大手", ended_on=None)
        start, end = today - timedelta(days=500), today - timedelta(days=135 + number)
        outcome = "churned" if lost else "renewed"
        make_contract(each, str(start), str(end), outcome=outcome, outcome_known_on=str(end))
        if not lost:
            make_contract(each, str(end), str(today + timedelta(days=230)))
        level = (2 if lost else 9) + number % 3
        measure(metric, each, str(end - timedelta(days=90)), level)


def test_proposals_show_what_they_rest_on_and_are_taken_with_one_click(client, customer):
    metric = make_metric()
    history(metric)
    url = f"/customers/{customer.uid}/plan/"
    page = client.get(url).text
    assert "24 renewed" in page
    assert "separation 100%" in page
    measure(metric, customer, str(local_today() - timedelta(days=1)), 5)
    client.post(url, typed({"metric": ""}, words="…") | {"take": metric.key})
    target = Target.objects.get()
    assert (target.start, target.floor, target.target) == (5, 3, 10)
    assert target.proposal == {"n_renewed": 24, "n_lost": 24, "separation": 1.0}


def test_adopting_the_proposal_makes_it_the_standard(client, customer):
    metric = make_metric()
    history(metric)
    page = client.get("/plans/").text
    assert "Adopt as the standard" in page
    large = labelled("大手").uid
    data = {"segment": large, "take": "*", "targets-TOTAL_FORMS": 0, "targets-INITIAL_FORMS": 0}
    assert client.post("/plans/standard/", data).status_code == 302
    plan = plan_for([customer.pk], local_today())[customer.pk]
    assert (plan.kind, [each.key for each in plan.targets]) == ("standard", [metric.key])
    page = client.get("/plans/").text
    assert "25 customers have it as their plan now" in page


def test_a_proposal_takes_the_place_of_what_was_typed_for_its_metric(client, customer):
    metric = make_metric()
    history(metric)
    row = {"targets-0-metric": metric.uid, "targets-0-floor": "4", "targets-0-target": "8"}
    form = {"targets-TOTAL_FORMS": 1, "targets-INITIAL_FORMS": 0, "targets-0-weight": "1"}
    assert client.post("/plans/standard/", row | form).status_code == 302
    page = client.get("/plans/standard/").text
    assert f'name="take" value="{metric.key}"' in page, "what differs may be taken"
    assert client.post("/plans/standard/", row | form | {"take": metric.key}).status_code == 302
    [target] = Target.objects.filter(ended_at=None)
    assert (target.floor, target.target) == (3, 10)
    assert f'name="take" value="{metric.key}"' not in client.get("/plans/standard/").text


def test_numbers_left_alone_stay_to_their_last_digit(client, customer):
    metric = make_metric()
    draft = TargetDraft(metric=metric, floor=60.36036036, target=97.81420765, weight=4)
    adopt_standard(by=None, targets=[draft])
    page = client.get("/plans/standard/").text
    assert 'value="60.4"' in page
    assert 'value="97.8"' in page
    row = {"targets-0-metric": metric.uid, "targets-0-floor": "60.4", "targets-0-target": "98"}
    form = {"targets-TOTAL_FORMS": 1, "targets-INITIAL_FORMS": 1, "targets-0-weight": "4"}
    assert client.post("/plans/standard/", row | form).status_code == 302
    [target] = Target.objects.filter(ended_at=None)
    assert (target.floor, target.target) == (60.36036036, 98)


def test_a_standard_may_be_written_for_a_stage_of_a_segment(client, customer):
    large = labelled("大手")
    client.post(reverse("stages-template"))
    page = client.get("/plans/").text
    stage = Stage.objects.get(position=1)
    assert f'<option value="{large.uid}">' in page
    assert f'<option value="{stage.uid}">' in page
    slot = {"segment": large.uid, "stage": stage.uid}
    assert "大手 × " in client.get("/plans/standard/", slot).text
    metric = make_metric()
    row = {"targets-0-metric": metric.uid, "targets-0-floor": "4", "targets-0-target": "8"}
    form = {"targets-TOTAL_FORMS": 1, "targets-INITIAL_FORMS": 0, "targets-0-weight": "1"}
    assert client.post("/plans/standard/", row | form | slot).status_code == 302
    goal = Goal.objects.get(engagement=None)
    assert (goal.segment, goal.stage) == (large, stage)


def test_too_few_outcomes_are_said_with_their_numbers(client, customer):
    history(make_metric(), n=3)
    page = client.get(f"/customers/{customer.uid}/plan/").text
    assert "3 renewals and 3 losses are known with a measurement" in page


def test_a_standard_for_an_unknown_segment_is_not_found(client, customer):
    assert client.get("/plans/standard/?segment=nobody").status_code == 404
    assert client.get("/plans/standard/?stage=nobody").status_code == 404
    assert client.get(f"/plans/standard/?segment={labelled('大手').uid}").status_code == 200


def test_choosing_a_metric_fills_its_row(client, customer):
    metric = make_metric()
    measure(metric, customer, str(local_today() - timedelta(days=1)), 7)
    query = {"index": "1", "customer": customer.uid, "targets-1-metric": metric.uid}
    row = client.get("/plans/row/", query).text
    assert 'name="targets-1-start" value="7"' in row
    assert f'value="{metric.uid}" selected' in row
    assert client.get("/plans/row/", {"index": "x"}).status_code == 404


def test_tech_touch_customers_are_asked_for_nothing(client, customer):
    type(customer).objects.update(touch="tech")
    page = client.get(f"/customers/{customer.uid}/plan/").text
    assert "nothing to fill in" in page
    assert "What do they want to achieve? Ask" not in page
    assert "It is agreed" not in page


def test_pages_say_that_contacts_do_not_count_for_tech_touch(client, customer):
    metric, silence = make_metric(), make_silence()
    measure(metric, customer, str(local_today() - timedelta(days=3)), 4)
    targets = [draft(metric), draft(silence, 90, 30)]
    adopt_standard(by=None, targets=targets, since=day("2026-01-01"))
    pages = [f"/customers/{customer.uid}/{name}/" for name in ("why", "plan")]
    said = "not measured by contacts"
    assert [said in client.get(page).text for page in pages] == [False, False]
    type(customer).objects.update(touch="tech")
    assert [said in client.get(page).text for page in pages] == [True, True]
    assert silence.name["en"] not in client.get(pages[0]).text


def test_viewers_read_and_do_not_write(customer, staff, sign_in):
    viewer = sign_in(staff(Role.VIEWER, language="en"))
    page = viewer.get(f"/customers/{customer.uid}/plan/")
    assert page.status_code == 200
    assert "<textarea" not in page.text


def test_why_prints_an_addition_that_is_true(client, customer):
    metrics = [make_metric(str(n)) for n in range(3)]
    today = local_today()
    targets = [draft(each, 0, 7, weight=n + 1) for n, each in enumerate(metrics)]
    adopt_standard(by=None, targets=targets, since=today - timedelta(days=50))
    for n, each in enumerate(metrics):
        measure(each, customer, str(today - timedelta(days=2)), n + 1.1)
    page = client.get(f"/customers/{customer.uid}/why/").text
    printed = re.search(r"data-sum>([^<]+)=([^<]+)<", page)
    shares = [float(text) for text in printed[1].split("+")]
    assert len(shares) == 3
    assert sum(shares) == pytest.approx(float(printed[2]), abs=1e-12)
    assert float(printed[2]) == pytest.approx(stand(today)[customer.pk].gap, abs=0.0005)


def test_the_look_back_is_made_by_a_job_and_lists_every_loss(client, customer):
    metric = make_metric()
    history(metric)
    waiting = client.get("/lookback/").text
    assert 'id="running"' in waiting
    assert client.get("/lookback/", headers={"HX-Request": "true"}).text.count("<html") == 0
    run_all()
    page = client.get("/lookback/").text
    assert "You lost 24 customers last year. Ninety days before, " in page
    assert page.count("過去") == Contract.objects.filter(outcome="churned").count()


def test_the_plan_of_a_past_day_shows_nothing_later(client, customer, manager):
    metric = make_metric()
    measure(metric, customer, "2026-01-05", 3)
    goal_words = typed({"metric": metric.uid, "floor": "0", "target": "10"}, words="いまの言葉")
    client.post(f"/customers/{customer.uid}/plan/", goal_words)
    now, then = plan_now(customer, local_today()), plan_now(customer, day("2026-01-10"))
    assert now.statement.words == "いまの言葉"
    assert (then.statement, then.kind, then.agreement) == (None, "none", None)


def test_a_plan_only_shared_so_far_is_not_agreed(client, customer):
    answer = client.post(f"/customers/{customer.uid}/plan/agreement/", {"state": "shared"})
    assert answer.status_code == 302
    assert Agreement.objects.get().state == Agreement.State.SHARED


def test_words_of_tomorrow_are_refused_and_kept_in_the_form(client, customer):
    tomorrow = str(local_today() + timedelta(days=1))
    data = typed(words="欠品をなくしたい", said_on=tomorrow)
    answer = client.post(f"/customers/{customer.uid}/plan/", data)
    assert answer.status_code == 422
    assert "欠品をなくしたい" in answer.text
    assert not Goal.objects.exists()


def test_a_standard_that_goes_nowhere_is_refused_at_its_row(client, customer):
    row = {"metric": make_metric().uid, "floor": "5", "target": "5", "weight": "1"}
    answer = client.post("/plans/standard/", typed(row) | {"segment": labelled("大手").uid})
    assert answer.status_code == 422
    assert not Goal.objects.exists()


def test_a_first_plan_offers_three_rows_and_never_more_than_five(client, customer):
    assert client.get(f"/customers/{customer.uid}/plan/").text.count('-metric"') >= 3
    rows = [
        {"metric": make_metric(key=f"m{n}").uid, "floor": "0", "target": "9", "weight": "1"}
        for n in range(5)
    ]
    client.post(f"/customers/{customer.uid}/plan/", typed(*rows))
    page = client.get(f"/customers/{customer.uid}/plan/").context["page"]
    assert len(page.rows.forms) == 5
