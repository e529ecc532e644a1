"""A real history of 1,345 accounts, from its files to the ranked list, by the command line."""

import json
from datetime import date, datetime

import pytest
from django.core.cache import cache

from banso.cli.main import main
from banso.core.definitions import load
from banso.core.evaluate import evaluate
from banso.core.metrics import Occurrence
from banso.engagements.models import Contract, Engagement
from banso.events.models import LakePart
from banso.goals.pages import plan_now
from tests.shared import shared

AS_OF = "2014-06-30"
KINDS = {
    "accounts": "accounts.csv",
    "people": "people.csv",
    "contracts": "contracts.csv",
    "events": "events.parquet",
}


@pytest.fixture
def banso(db, monkeypatch, capsys):
    """Runs a command and gives back the JSON it prints."""
    monkeypatch.setattr("banso.cli.main.set_up", lambda: None)
    cache.clear()

    def run(*words):
        with pytest.raises(SystemExit) as end:
            main([*words, "--format", "json"])
        said = capsys.readouterr()
        assert end.value.code == 0, said.err
        return json.loads(said.out)

    return run


def occurrence(event):
    words = {name: event[name] for name in ("event", "person", "count", "properties")}
    return Occurrence(at=datetime.fromisoformat(event["at"]), **words)


@pytest.mark.any_database
def test_from_files_to_the_list_and_down_to_the_events(banso):
    folder = shared("data/openstack")
    files = [word for kind, name in KINDS.items() for word in (f"--{kind}", str(folder / name))]
    counts = banso("import", *files)
    assert {kind: each["imported"] for kind, each in counts.items()} == {
        "accounts": 1345,
        "people": 3457,
        "contracts": 3738,
        "events": 137_912,
    }

    ranked = banso("today", "--as-of", AS_OF, "--limit", "0")
    stakes = [each["stake_minor"] for each in ranked["customers"]]
    assert len(stakes) > 150
    assert stakes == sorted(stakes, reverse=True)
    top = ranked["customers"][:10]
    assert {each["plan"] for each in top} == {"proposed"}
    whys = [banso("why", each["account"], "--as-of", AS_OF) for each in top]
    for each, found in zip(top, whys, strict=True):
        assert abs(sum(term["share"] for term in found["terms"]) - each["gap"]) <= 1e-9
        for term in found["terms"]:
            again = evaluate(
                load(term["definition"]),
                [occurrence(event) for event in term["events"]],
                as_of=date.fromisoformat(AS_OF),
                zone=found["zone"],
                seats=term["seats"],
            )
            assert again == term["value"] == term["recomputed"]
    assert any(term["events"] for found in whys for term in found["terms"])

    record = banso("lookback", "--as-of", AS_OF)
    assert record["lost"] == len(record["customers"]) > 100
    assert record["rules"]["gap"]["caught"] > record["rules"]["silent"]["caught"]

    customer = Engagement.objects.get(uid=top[0]["uid"])
    page = plan_now(customer, date.fromisoformat(AS_OF))
    forget_after(date.fromisoformat(AS_OF))
    assert banso("today", "--as-of", AS_OF, "--limit", "0") == ranked
    assert [banso("why", each["account"], "--as-of", AS_OF) for each in top] == whys
    assert plan_now(customer, date.fromisoformat(AS_OF)) == page


def forget_after(as_of):
    """The workspace as it would be had it ended on that day (the last of a month)."""
    LakePart.objects.filter(first_day__gt=as_of).delete()
    Contract.objects.filter(start_on__gt=as_of).delete()
    Contract.objects.filter(outcome_known_on__gt=as_of).update(outcome="", outcome_known_on=None)
    Engagement.objects.filter(started_on__gt=as_of, contracts=None).delete()
    cache.clear()
