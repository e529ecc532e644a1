"""Values of metrics from a file: matched, once, on hold, rejected and taken back."""

from datetime import date

import pytest

from banso.core.metrics import Count, Entered
from banso.events.undo import undo
from banso.metrics.models import LatestValue, Measurement
from tests.events.conftest import ACCOUNTS, bring, counts  # noqa: F401

HEADER = "顧客ID,指標,時点,値\n"


@pytest.fixture
def nps(make_metric, bring):  # noqa: F811
    bring("accounts", ACCOUNTS)
    return make_metric("nps", Entered(), name={"ja": "推奨度", "en": "NPS"}, unit="points")


def told() -> list[tuple[str, date, float]]:
    rows = Measurement.objects.order_by("as_of", "id")
    return list(rows.values_list("metric__key", "as_of", "value"))


def test_values_come_in_by_key_or_name(nps, bring):  # noqa: F811
    rows = "C001,推奨度,2026-01-31,8\nC002,nps,令和8年2月28日,９．５\n"
    owner = bring("measurements", HEADER + rows)
    assert counts(owner) == (2, 2, 0, 0, 0, 0)
    assert told() == [("nps", date(2026, 1, 31), 8.0), ("nps", date(2026, 2, 28), 9.5)]
    assert {row.source for row in Measurement.objects.all()} == {"file.csv"}
    assert LatestValue.objects.filter(metric=nps).count() == 2


def test_the_same_values_again_change_nothing(nps, bring):  # noqa: F811
    rows = HEADER + "C001,NPS,2026-01-31,8\n"
    bring("measurements", rows)
    again = bring("measurements", rows + "C001,NPS,2026-02-28,9\n")
    assert counts(again) == (2, 1, 0, 0, 1, 0)
    assert [value for _, _, value in told()] == [8.0, 9.0]


def test_what_no_metric_takes_is_said_before_anything_comes_in(nps, bring, make_metric):  # noqa: F811
    make_metric("logins", Count(None, 28))
    rows = HEADER + "C001,logins,2026-01-31,8\nC001,NPS,2026-01-31,7\n"
    refused = bring("measurements", rows)
    assert (refused.status, told()) == ("refused", [])
    assert refused.problems.get().code == "unknown_metric"
    taken = bring("measurements", rows, skip_bad=True)
    assert (taken.status, len(told())) == ("done", 1)


def test_a_value_waits_for_its_customer(nps, bring):  # noqa: F811
    owner = bring("measurements", HEADER + "C009,NPS,2026-01-31,8\n")
    assert (owner.on_hold, told()) == (1, [])
    bring("accounts", "顧客ID,会社名\nC009,後の会社\n")
    assert told() == [("nps", date(2026, 1, 31), 8.0)]


@pytest.mark.parametrize(("cell", "value"), [("45", 0.45), ("45%", 0.45), ("0.5%", 0.005)])
def test_a_share_is_told_in_per_cent(nps, bring, make_metric, cell, value):  # noqa: F811
    make_metric("share", Entered(), unit="percent")
    bring("measurements", HEADER + f"C001,share,2026-01-31,{cell}\n")
    assert told() == [("share", date(2026, 1, 31), value)]


@pytest.mark.parametrize(
    ("row", "code"),
    [("C001,NPS,2999-01-31,8", "in_future"), ("C001,NPS,2026-01-31,高い", "not_a_number"),
     ("C001,,2026-01-31,8", "missing"), ("C001,NPS,2026-01-31,9e15", "too_large")],
)  # fmt: skip
def test_what_cannot_be_read_is_named(nps, bring, row, code):  # noqa: F811
    owner = bring("measurements", f"{HEADER}{row}\n")
    assert [each.code for each in owner.problems.all()] == [code]


def test_taking_an_import_back_takes_its_values_away(nps, bring):  # noqa: F811
    owner = bring("measurements", HEADER + "C001,NPS,2026-01-31,8\n")
    undo(by=None, owner=owner)
    assert told() == []
