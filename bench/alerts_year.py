"""Figure 6: a year of nightly looks at the demo company, beside naive thresholds.

The detectors' levels were chosen on the companies of seeds 1, 2 and 3. What counts is the line of
held-out companies, none of which was looked at before the levels were fixed. Each company comes
in through the importers of an installation of its own; the year is judged in bulk, which gives
what night after night gives (tests/alerts/test_nights.py).

    python -m bench.alerts_year [--customers 240] [--seeds 101 102 103 104 105]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

SEEDS = (101, 102, 103, 104, 105)
KINDS = ("new_low", "silent", "champion_quiet", "spike", "recovered")
DOWN = ("new_low", "silent", "champion_quiet")
NAIVE = ("halved", "thirty_days")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=240)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--one", type=int, help="judge one company and print it as JSON")
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(judge_one(options.one, options.customers)))
        return
    print(table([run(seed, options.customers) for seed in options.seeds]))


def run(seed: int, customers: int) -> dict[str, Any]:
    """One company in an installation of its own."""
    with tempfile.TemporaryDirectory(prefix="banso-bench-") as home:
        words = ["--one", str(seed), "--customers", str(customers)]
        answer = subprocess.run(
            [sys.executable, "-m", "bench.alerts_year", *words],
            env=os.environ | {"BANSO_HOME": home},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def judge_one(seed: int, customers: int) -> dict[str, Any]:
    """Counts by rule at the standard level: [alerts, followed, lead days], and chance."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "banso.config.settings")
    import django

    django.setup()
    from banso.alerts.history import LATER, history
    from banso.alerts.record import HORIZON, YEAR, judged
    from banso.base.workspace import local_today
    from banso.core.moves import STANDARD, bit
    from banso.engagements.models import Engagement

    owners = bring_in(seed, customers)
    ids = list(Engagement.objects.values_list("pk", flat=True))
    begun = time.monotonic()
    known = history(local_today(), YEAR + HORIZON + LATER, ids)
    verdicts, chance = judged(known, range(LATER, LATER + YEAR))
    took = time.monotonic() - begun
    rules: dict[str, list[Any]] = defaultdict(lambda: [0, 0, []])
    for each in verdicts:
        if each.levels & bit(STANDARD):
            found = rules[each.kind]
            found[0] += 1
            found[1] += each.days is not None
            found[2] += [] if each.days is None else [each.days]
    return {"seed": seed, "owners": owners, "seconds": took, "rules": rules, "chance": chance}


def bring_in(seed: int, customers: int) -> int:
    """The company's files through the importers; returns how many look after customers."""
    from pathlib import Path

    from django.conf import settings

    from banso.base import actions
    from banso.cli.prepare import prepare
    from banso.demo import install
    from banso.engagements.models import Engagement

    prepare()
    out = Path(settings.HOME) / "demo"
    people, company = install.staff_of(out, customers, seed, "en")
    words = {"language": "en", "timezone_name": install.ZONE, "currency": "JPY"}
    first = {name: people[0][name] for name in ("email", "name")}
    admin = actions.set_up(
        workspace_name=company, password=install.PASSWORD, synthetic=True, **words, **first
    )
    for kind in ("accounts", "people", "contracts", "events"):
        install.bring_in(kind, next(out.glob(f"{kind}.*")), admin)
    names = Engagement.objects.exclude(owner_name="").values_list("owner_name", flat=True)
    return max(1, names.distinct().count())


def table(companies: list[Mapping[str, Any]]) -> str:
    """The figure as Markdown, over all companies together."""
    owners = sum(each["owners"] for each in companies)
    lines = [
        f"{len(companies)} companies, {owners} people, 52 weeks each;"
        f" a year judged in {max(each['seconds'] for each in companies):.1f} s or less",
        "",
        "| rule | a person and week | alerts | a real change followed | by chance | lead, days |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    groups = [*((each, (each,)) for each in KINDS), ("all five", KINDS), ("down: three", DOWN)]
    groups += [(each, (each,)) for each in NAIVE]
    return "\n".join(lines + [line(name, rules, companies, owners) for name, rules in groups])


def line(name: str, rules: Iterable[str], companies: list[Mapping[str, Any]], owners: int) -> str:
    from statistics import median

    from banso.core.intervals import wilson
    from banso.core.track_record import DIRECTION

    told = [c["rules"][rule] for c in companies for rule in rules if rule in c["rules"]]
    alerts, followed = sum(each[0] for each in told), sum(each[1] for each in told)
    leads = [days for each in told for days in each[2]]
    directions = {DIRECTION[rule] for rule in rules}
    chances = [c["chance"][direction] for c in companies for direction in directions]
    chance = sum(hits for hits, _ in chances) / max(1, sum(every for _, every in chances))
    low, high = wilson(followed, alerts) if alerts else (0.0, 1.0)
    share = f"{followed / max(1, alerts):.0%} ({low:.0%}–{high:.0%})"
    by_chance = f"{chance:.0%}" if len(directions) == 1 else ""
    lead = f"{median(leads):.0f}" if leads else "–"
    return f"| {name} | {alerts / 52 / owners:.2f} | {alerts} | {share} | {by_chance} | {lead} |"


if __name__ == "__main__":
    main()
