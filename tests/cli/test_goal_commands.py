"""`banso today`, `why` and `lookback`: what they print, as text and as JSON."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache

from banso.base.models import Role
from banso.cli.main import main
from banso.events.models import ExternalId, Source
from banso.goals.actions import adopt_standard
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import day, draft, make_metric, make_silence, measure, talk


@pytest.fixture
def book(workspace, staff, monkeypatch):
    """Two customers with an account id each; the second has the larger gap and an owner."""
    cache.clear()
    workspace.language = "en"
    workspace.save()
    monkeypatch.setattr("banso.cli.main.set_up", lambda: None)
    by, metric = staff(Role.SUCCESS), make_metric()
    source = Source.objects.create(key="crm", name="CRM")
    for name, value, owner in (("Acme", 8, None), ("Bolt", 3, by)):
        customer = make_customer(name, owner=owner)
        make_contract(customer, "2026-01-01", "2027-01-01")
        measure(metric, customer, "2026-02-01", value)
        talk(customer, by, "2026-02-10")
        ExternalId.objects.create(
            source=source, kind="account", value=f"id-{name}", engagement=customer
        )
    targets = [draft(metric), draft(make_silence(), 90, 30)]
    adopt_standard(by=None, targets=targets, since=day("2026-01-01"))
    return by


def run(capsys, *words):
    with pytest.raises(SystemExit) as end:
        main(words)
    said = capsys.readouterr()
    return end.value.code, said.out, said.err


def answer(capsys, *words):
    code, out, _ = run(capsys, *words, "--format", "json")
    assert code == 0
    return json.loads(out)


def test_today_ranks_with_a_reason(book, capsys):
    found = answer(capsys, "today", "--as-of", "2026-03-01")
    assert [each["account"] for each in found["customers"]] == ["id-Bolt", "id-Acme"]
    first = found["customers"][0]
    assert (first["rank"], first["gap"], first["plan"]) == (1, pytest.approx(0.35), "standard")
    assert found["of"] == 2
    code, out, _ = run(capsys, "today", "--as-of", "2026-03-01", "--limit", "1")
    assert code == 0
    assert "Bolt" in out
    assert "metric seats-used: 3 people, and the target is 10 people or more." in out
    assert "Acme" not in out


def test_today_of_one_colleague(book, capsys):
    found = answer(capsys, "today", "--as-of", "2026-03-01", "--owner", book.email)
    assert [each["name"] for each in found["customers"]] == ["Bolt"]
    code, _, err = run(capsys, "today", "--owner", "nobody@example.com")
    assert (code, err) == (2, "banso: there is no colleague with the address nobody@example.com\n")


def test_why_adds_up_by_account_id_and_by_uid(book, capsys):
    found = answer(capsys, "why", "id-Bolt", "--as-of", "2026-04-10")
    assert abs(sum(term["share"] for term in found["terms"]) - found["gap"]) <= 1e-9
    assert found["health"] == pytest.approx(100 * (1 - found["gap"]))
    silence = next(term for term in found["terms"] if term["metric"] == "days-since-contact")
    assert silence["value"] == silence["recomputed"] == 59
    assert [each["event"] for each in silence["events"]] == ["contact"]
    assert answer(capsys, "why", found["uid"], "--as-of", "2026-04-10") == found
    code, out, _ = run(capsys, "why", "id-Bolt", "--as-of", "2026-04-10")
    assert code == 0
    assert "0.3500 + 0.2417 = 0.5917" in out


def test_why_of_nobody_and_a_day_that_is_none(book, capsys):
    code, out, err = run(capsys, "why", "id-None")
    assert (code, out, err) == (2, "", "banso: there is no customer id-None\n")
    code, _, err = run(capsys, "why", "id-Bolt", "--as-of", "2026-02-30")
    assert code == 2
    assert "'2026-02-30' is no day such as 2026-03-31" in err


def test_lookback_lists_each_loss(book, capsys):
    gone = make_customer("Gone")
    end = day("2026-02-20")
    make_contract(gone, "2025-02-20", str(end), outcome="churned", outcome_known_on=str(end))
    found = answer(capsys, "lookback", "--as-of", "2026-03-01")
    assert (found["lost"], found["rules"]["banso"]["share"]) == (1, None)
    [lost] = found["customers"]
    assert lost["looked_at"] == str(end - timedelta(days=90))
    code, out, _ = run(capsys, "lookback", "--as-of", "2026-03-01")
    assert code == 0
    assert out.startswith("You lost 1 customer last year. Ninety days before, they were ")
