"""The metric pages through HTTP: who sees, who defines, who types."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from banso.base.jobs import run_all
from banso.base.models import Role, Team
from banso.base.workspace import local_today
from banso.core.conditions import All, Is
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Entered,
    MeanOf,
    PerPerson,
    Ratio,
    Seats,
    Trend,
)
from banso.metrics.actions import enter_measurement, refresh
from banso.metrics.models import Backfill, LatestValue, Measurement, Metric, WeekSummary
from banso.metrics.starter import offers
from banso.metrics.values import definitions
from tests.engagements.making import make_contract, make_customer
from tests.engine.events import event

WORDS = {"name_ja": "ログイン", "name_en": "Logins", "direction": "up", "unit": "times"}
COUNT = WORDS | {"shape": "number", "stream": "events", "kind": "count", "days": "28"}


def asks(prefix: str, field: str, way: str, value: str, shape: str) -> dict[str, str]:
    """What the builder of conditions posts for one row."""
    row = f"{prefix}-0-0"
    return {
        f"{prefix}-groups": "1",
        f"{prefix}-0-rows": "1",
        f"{row}-field": field,
        f"{row}-way": way,
        f"{row}-for": f"{field} {shape}",
        f"{row}-value": value,
    }


@pytest.fixture
def today(workspace) -> date:
    return local_today()


@pytest.fixture
def manager(staff, sign_in):
    return sign_in(staff(Role.MANAGER, language="en"))


@pytest.fixture
def seller(staff):
    return staff(Role.SUCCESS, language="en", team=Team.objects.create(name="東"))


def recent(days: int) -> str:
    return f"{local_today() - timedelta(days=days)}T03:00"


@pytest.fixture
def used(customer, usage):
    usage.connect(
        {customer.id: "acme"},
        [event(recent(3), count=4), event(recent(2), name="export", properties={"pages": 9})],
    )
    return customer


def test_an_empty_list_says_what_to_do(manager, workspace):
    answer = manager.get(reverse("metrics"))
    assert "Nothing is measured yet" in answer.text
    assert reverse("metric-new") in answer.text


def test_suggested_metrics_are_offered_defined_and_measured(manager, used):
    assert "Your data can already tell this" in manager.get(reverse("metrics")).text
    keys = [each.key for each in offers(local_today())]
    answer = manager.post(reverse("metrics-start"), {"key": keys}, follow=True)
    assert "Days since last use" in answer.text
    assert "1 of 1 measured" in answer.text
    assert "Your data can already tell this" not in answer.text
    assert Backfill.objects.get().versions.count() == len(keys)
    comparable = Metric.objects.exclude(key__contains="-change-")  # nothing came before
    assert LatestValue.objects.filter(engagement=used).count() == comparable.count()


def test_a_manager_defines_a_metric_and_it_is_measured_at_once(manager, used):
    answer = manager.post(reverse("metric-new"), COUNT | {"event": "login"}, follow=True)
    assert definitions() == {"logins": Count("login", 28)}
    assert "4 times" in answer.text
    assert "How often “login” happened in the last 28 days." in answer.text


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        (COUNT | {"days": "２８"}, Count(None, 28)),
        (COUNT | {"kind": "days_since", "days": "90", "offset": "7"}, DaysSince(None, 90)),
        (COUNT | {"stream": "contacts"}, Count(None, 28, stream="contacts")),
        (WORDS | {"shape": "entered"}, Entered()),
        (COUNT | {"shape": "ratio", "below_kind": "seats"}, Ratio(Count(None, 28), Seats())),
        (
            COUNT | {"shape": "ratio", "event": "export", "below_kind": "count", "below_days": ""},
            Ratio(Count("export", 28), Count(None, 28)),
        ),
        (COUNT | {"event": ["login", "export"]}, Count(("export", "login"), 28)),
        (
            COUNT | {"kind": "mean", "property": "pages", "window": "last_month", "days": ""},
            MeanOf(None, "pages", "last_month"),
        ),
        (COUNT | {"on": "business_days"}, Count(None, 28, on="business_days")),
        (
            COUNT | {"shape": "trend", "kind": "days_since", "change": "difference"},
            Trend(Count(None, 28), "difference"),
        ),
        (
            COUNT
            | {"shape": "per_person", "kind": "active_days", "aggregate": "share"}
            | {"at_least": "８", "seen": "90"},
            PerPerson(ActiveDays(None, 28), "share", 8),
        ),
        (
            COUNT | asks("conditions", "pages", "ge", "5", "one"),
            Count(None, 28, where=All((Is("pages", "ge", 5),))),
        ),
        (
            COUNT
            | {"shape": "ratio", "below_kind": "count"}
            | asks("below_conditions", "pages", "known", "", "none"),
            Ratio(Count(None, 28), Count(None, 28, where=All((Is("pages", "known"),)))),
        ),
        (
            COUNT | {"stream": "actions", "event": "action_overdue"},
            Count("action_overdue", 28, stream="actions"),
        ),
    ],
)
def test_what_the_form_means(manager, used, typed, meaning):
    manager.post(reverse("metric-new"), typed)
    assert list(definitions().values()) == [meaning]


def test_the_preview_shows_real_data_and_saves_nothing(manager, used):
    answer = manager.get(reverse("metric-new"), COUNT | {"event": "login", "name_en": ""})
    assert "How often “login” happened in the last 28 days." in answer.text
    assert "過去28日間の「login」の回数。" in answer.text
    assert "1 of 1 measured" in answer.text
    assert used.party.name in answer.text
    assert not Metric.objects.exists()


def test_the_preview_warns_when_nothing_matches(manager, used):
    never = COUNT | {"event": "login", "offset": "300"}
    assert "Nothing matches" in manager.get(reverse("metric-new"), never).text
    sums = COUNT | {"kind": "count", "stream": "contacts"}
    assert "Nobody can be measured" in manager.get(reverse("metric-new"), sums).text


def test_the_preview_without_a_script(manager, used):
    answer = manager.post(reverse("metric-new"), COUNT | {"preview": "1"})
    assert (answer.status_code, Metric.objects.count()) == (200, 0)
    assert "1 of 1 measured" in answer.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name_en": ""}, "Give the metric a name."),
        ({"days": "0"}, "Write a number from 1 to 3660."),
        ({"days": "many"}, "Write a whole number such as 28."),
        ({"kind": "sum"}, "Choose the property."),
        ({"unit": "own"}, "Write the unit."),
    ],
)
def test_what_cannot_be_taken_is_said_kindly(manager, used, wrong, words):
    answer = manager.post(reverse("metric-new"), COUNT | wrong)
    assert (answer.status_code, Metric.objects.count()) == (422, 0)
    assert words in answer.text


@pytest.fixture
def logins(manager, used) -> Metric:
    manager.post(reverse("metric-new"), COUNT | {"event": "login"})
    return Metric.objects.get()


def test_other_words_are_no_other_meaning(manager, logins):
    form = manager.get(reverse("metric-edit", args=[logins.uid]))
    assert re.search(r'value="login"[^>]*checked', form.text)
    change = COUNT | {"event": "login", "unit": "own", "own_unit": "打"}
    answer = manager.post(reverse("metric-edit", args=[logins.uid]), change, follow=True)
    assert "4 打" in answer.text
    assert logins.versions.count() == 1


def test_a_changed_meaning_stands_beside_the_old_one_until_it_is_in_force(manager, logins, used):
    change = COUNT | {"event": "export"}
    answer = manager.post(reverse("metric-edit", args=[logins.uid]), change, follow=True)
    assert "Nothing is changed yet" in answer.text
    assert "Computing the past of the new meaning" in answer.text
    assert definitions(["logins"]) == {"logins": Count("login", 28)}
    run_all()
    page = manager.get(reverse("metric-version", args=[logins.uid, 2])).text
    assert "1 of 1 customers get another value." in page
    assert (used.party.name in page, "4 times" in page, "1 time" in page) == (True,) * 3
    assert "No target rests on this metric." in page
    adopted = manager.post(reverse("metric-adopt", args=[logins.uid]), follow=True)
    assert "The new meaning is in force." in adopted.text
    assert "Version 2" in adopted.text
    assert definitions(["logins"]) == {"logins": Count("export", 28)}
    assert LatestValue.objects.get(metric=logins).value == 1
    assert (
        "1 of 1 customers get another value."
        in manager.get(reverse("metric-version", args=[logins.uid, 2])).text
    )


def test_a_dropped_change_leaves_everything_as_it_was(manager, logins):
    manager.post(reverse("metric-edit", args=[logins.uid]), COUNT | {"event": "export"})
    answer = manager.post(reverse("metric-withdraw", args=[logins.uid]), follow=True)
    assert "The proposed change is dropped." in answer.text
    assert definitions() == {"logins": Count("login", 28)}
    run_all()
    again = manager.post(reverse("metric-adopt", args=[logins.uid]), follow=True)
    assert "There is no proposed change any more." in again.text


@pytest.mark.parametrize(
    ("stop", "words"),
    [("cancelled", "was stopped after 3 of 52 weeks"), ("failed", "failed after 3 of 52 weeks")],
)
def test_a_past_that_was_not_computed_says_so(manager, logins, stop, words):
    Backfill.objects.update(status=stop, done=3)
    page = manager.get(reverse("metric-history", args=[logins.uid])).text
    assert (words in page, "Go on computing" in page) == (True, True)
    manager.post(reverse("metric-backfill", args=[logins.uid]))
    assert Backfill.objects.latest("id").status == "waiting"


def test_computing_the_past_can_be_stopped(manager, logins):
    manager.post(reverse("metric-backfill-stop", args=[logins.uid]))
    assert Backfill.objects.get().status == "cancelled"
    run_all()
    assert not WeekSummary.objects.filter(version__metric=logins).exists()


def test_a_first_version_has_nothing_beside_it(manager, logins):
    assert manager.get(reverse("metric-version", args=[logins.uid, 1])).status_code == 404
    assert manager.get(reverse("metric-version", args=[logins.uid, 9])).status_code == 404


def test_a_computed_metric_does_not_become_a_typed_one(manager, make_metric):
    metric = make_metric("logins", Count(None, 28))
    answer = manager.post(reverse("metric-edit", args=[metric.uid]), WORDS | {"shape": "entered"})
    assert "make a new one" in answer.text


def test_a_metric_on_an_earlier_day(manager, used, make_metric):
    metric = make_metric("since", DaysSince(None, 90), unit="days")
    refresh(local_today())
    earlier = local_today() - timedelta(days=2)
    url = reverse("metric", args=[metric.uid])
    assert "2 days" in manager.get(url).text
    answer = manager.get(url, {"as_of": earlier.isoformat()})
    assert "0 days" in answer.text
    assert "As it was known on" in answer.text
    assert manager.get(url, {"as_of": "soon"}).status_code == 400


def test_the_history_comes_later_and_as_a_page(manager, customer, usage, make_metric):
    usage.connect({customer.id: "acme"}, [event(recent(20)), event(recent(1))])
    metric = make_metric("logins", Count("login", 28))
    url = reverse("metric-history", args=[metric.uid])
    assert "Compute the past weeks" in manager.get(url).text
    manager.post(reverse("metric-backfill", args=[metric.uid]))
    assert "Computing the past weeks" in manager.get(url).text
    run_all()
    region = manager.get(url, headers={"HX-Request": "true"}).text
    assert "<html" not in region
    assert "Quarters by week" in region
    assert "<html" in manager.get(url).text


def test_csv_of_a_day_is_safe_from_formulas(manager, usage, workspace, make_metric, today):
    customer = make_customer("=HYPERLINK(1)")
    metric = make_metric("nps", Entered())
    enter_measurement(metric=metric, engagement=customer, value=9, as_of=today, by=None)
    text = b"".join(manager.get(reverse("metric-export", args=[metric.uid]))).decode()
    assert text.splitlines()[1] == f"'=HYPERLINK(1),{today},9.0"


def test_retiring_and_using_again(manager, make_metric):
    metric = make_metric("nps", Entered())
    url = reverse("metric-retire", args=[metric.uid])
    assert "no longer measured" in manager.post(url, follow=True).text
    assert definitions() == {}
    manager.post(url)
    assert definitions() == {"nps": Entered()}


def test_a_success_manager_types_a_column(seller, sign_in, make_metric, today):
    mine, other = make_customer("自分", owner=seller), make_customer("よそ")
    metric = make_metric("nps", Entered(), unit="points")
    client, url = sign_in(seller), reverse("metric-enter", args=[metric.uid])
    assert "よそ" not in client.get(url).text
    typed = {"as_of": today.isoformat(), "source": "電話", f"value-{mine.uid}": "９．５"}
    answer = client.post(url, typed | {f"value-{other.uid}": "1"}, follow=True)
    assert "1 value is saved." in answer.text
    row = Measurement.objects.get()
    assert (row.engagement, row.value, row.source, row.by) == (mine, 9.5, "電話", seller)
    assert LatestValue.objects.get().value == 9.5
    assert "0 values are saved." in client.post(url, typed, follow=True).text


def test_a_wrong_cell_saves_nothing_and_keeps_what_was_typed(seller, sign_in, make_metric, today):
    one, two = make_customer("一", owner=seller), make_customer("二", owner=seller)
    metric = make_metric("nps", Entered())
    typed = {"as_of": today.isoformat(), f"value-{one.uid}": "8", f"value-{two.uid}": "高い"}
    answer = sign_in(seller).post(reverse("metric-enter", args=[metric.uid]), typed)
    assert (answer.status_code, Measurement.objects.count()) == (422, 0)
    assert "Nothing is saved yet: 1 cell is marked." in answer.text
    assert 'value="高い"' in answer.text
    assert 'value="8"' in answer.text


@pytest.mark.parametrize(("typed", "value"), [("45", 0.45), ("45%", 0.45), ("４５％", 0.45)])
def test_a_share_is_typed_in_per_cent(seller, sign_in, make_metric, typed, value):
    mine = make_customer("自分", owner=seller)
    metric = make_metric("share", Entered(), unit="percent")
    form = {"metric": metric.uid, "value": typed, "as_of": local_today().isoformat()}
    sign_in(seller).post(reverse("measurements", args=[mine.uid]), form)
    assert Measurement.objects.get().value == value


def test_one_value_goes_back_where_it_came_from(seller, sign_in, make_metric, today):
    mine = make_customer("自分", owner=seller)
    metric = make_metric("nps", Entered())
    form = {"metric": metric.uid, "value": "7", "as_of": "R8.1.5"}
    url = reverse("measurements", args=[mine.uid])
    assert sign_in(seller).post(url, form | {"next": "/today/"}).headers["Location"] == "/today/"
    assert Measurement.objects.get().as_of == date(2026, 1, 5)
    away = sign_in(seller).post(url, form | {"next": "https://evil.example/"})
    assert away.headers["Location"] == reverse("metric", args=[metric.uid])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"value": "高い"}, "Write a number such as 12.5."),
        ({"value": "1e300"}, "That number is too large."),
        ({"as_of": "2999-01-01"}, "Choose a day up to today"),
        ({"as_of": "いつか"}, "Write a date such as 2026-04-30."),
    ],
)
def test_one_value_that_cannot_be_taken(seller, sign_in, make_metric, wrong, words):
    mine = make_customer("自分", owner=seller)
    metric = make_metric("nps", Entered())
    form = {"metric": metric.uid, "value": "7", "as_of": local_today().isoformat()} | wrong
    answer = sign_in(seller).post(reverse("measurements", args=[mine.uid]), form)
    assert (answer.status_code, Measurement.objects.count()) == (422, 0)
    assert words in answer.text


def test_a_stranger_does_not_type_for_another_teams_customer(seller, staff, sign_in, make_metric):
    theirs = make_customer("よそ", owner=staff(team=Team.objects.create(name="西")))
    form = {"metric": make_metric("nps", Entered()).uid, "value": "7"}
    url = reverse("measurements", args=[theirs.uid])
    assert sign_in(seller).post(url, form).status_code == 403
    assert not Measurement.objects.exists()


def test_a_computed_metric_has_no_column(manager, make_metric):
    metric = make_metric("logins", Count(None, 28))
    assert manager.get(reverse("metric-enter", args=[metric.uid])).status_code == 404


def test_who_rests_on_values_is_told(seller, sign_in, make_metric, today, monkeypatch):
    told: list[object] = []
    monkeypatch.setattr("banso.engagements.after.AFTER_CHANGE", [told.append])
    mine = make_customer("自分", owner=seller)
    form = {"metric": make_metric("nps", Entered()).uid, "value": "7", "as_of": today.isoformat()}
    sign_in(seller).post(reverse("measurements", args=[mine.uid]), form)
    assert told == [[mine.id]]


@pytest.mark.parametrize("page", ["metrics", "metric", "metric-enter", "metric-history"])
def test_no_query_per_row(manager, make_metric, page, django_assert_max_num_queries, today):
    metric = make_metric("nps", Entered())
    for number in range(40):
        each = make_customer(f"顧客{number}")
        make_contract(each, "2026-01-01", "2099-01-01")
        enter_measurement(metric=metric, engagement=each, value=number, as_of=today, by=None)
    refresh(today)
    words = [] if page == "metrics" else [metric.uid]
    query = {"scope": "all"} if page == "metric-enter" else {}
    with django_assert_max_num_queries(22):
        answer = manager.get(reverse(page, args=words), query)
    assert answer.status_code == 200
