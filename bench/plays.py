"""Fifty plays over ten thousand relationships: one night's evaluation, set by set.

    python -m bench.plays [--database sqlite|postgresql] [--customers 10000] [--plays 50]

A company (bench/population.py) is written into a fresh database and the round is run. Fifty plays
are put to use, each with two or three comparisons over gap, contacts, contracts, metrics, touch
and barriers. Printed: the first night, which gives until everybody has forty actions more than the
busiest had; the night of the same day again, which looks at everybody and gives little; and the
preview of the last play, which goes through all before it. Seconds by the clock and of the
process.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.databases import home

LIMIT = 10.0
SPARE = 40


def main() -> None:
    """Print what each took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options.add_argument("--customers", type=int, default=10_000)
    options.add_argument("--plays", type=int, default=50)
    given = options.parse_args()
    with home(given.database):
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        measure(given.customers, given.plays)


def measure(customers: int, plays: int) -> None:
    from bench import population

    from banso.base.workspace import local_today
    from banso.plays.models import Intervention, Play
    from banso.plays.preview import tonight
    from banso.plays.rounds import give_plays

    population.populate(customers)
    versions = put_to_use(plays)
    day = local_today()
    timed("the first night", lambda: give_plays(day))
    print(f"    {Intervention.objects.count():,} interventions of {Play.objects.count()} plays")
    again = timed("the same night again", lambda: give_plays(day))
    timed("the preview of the last play", lambda: tonight(versions[-1], day))
    print(f"    the night {'meets' if again <= LIMIT else 'misses'} its limit of {LIMIT:.0f} s")


def put_to_use(count: int, template: str = "") -> list[Any]:
    """So many plays, their conditions drawn from a dozen comparisons; those that give themselves
    also write a mail from the template and post, where one is named."""
    from datetime import timedelta

    from banso.base.workspace import local_today
    from banso.core.conditions import All, Is, Not
    from banso.metrics.models import Metric
    from banso.plays.actions import FirstStep, PlaySheet, StepSheet, activate_play, draft_play
    from banso.plays.barrier_actions import begin_kinds
    from banso.plays.facts import loads
    from banso.plays.models import BarrierKind

    busiest = max(loads(local_today()).values(), default=0)
    begin_kinds(by=None)
    dice, kind = random.Random(1), BarrierKind.objects.all()[0]
    keys = [f"metric:{key}" for key in Metric.objects.values_list("key", flat=True)]
    pool = [
        *(Is("gap", "ge", each / 10) for each in (2, 4, 6)),
        *(Not(Is("contact", "within_days", -each)) for each in (14, 30)),
        *(Is("contract_end", "within_days", each) for each in (60, 120)),
        *(Is(key, way, 3) for key in keys[:4] for way in ("ge", "le")),
        *(
            Is("open_actions", "is", 0),
            Is("stake", "ge", 500_000),
            Not(Is("barrier", "is", kind.uid)),
        ),
    ]
    made, by = [], local_today() + timedelta(days=7)
    for number in range(count):
        condition = All(tuple(dice.sample(pool, dice.randint(2, 3))))
        steps = [StepSheet("action", {"en": "Call"}), StepSheet("contact", {"en": "Ask"}, 14)]
        if template and number % 2 == 0:
            steps.append(StepSheet("message", {"en": "Write"}, thing=template))
            steps.append(StepSheet("webhook", {"en": "Tell"}))
        sheet = PlaySheet(
            {"en": f"Play {number}"},
            condition,
            steps,
            capacity=busiest + SPARE,
            automatic=number % 2 == 0,
        )
        run = activate_play(
            play=draft_play(sheet=sheet, by=None), by=None, first_step=FirstStep("One call", by)
        )
        made.append(run.version)
    return made


def timed(name: str, run: Callable[[], object]) -> float:
    began, used = time.perf_counter(), time.process_time()
    run()
    took = time.perf_counter() - began
    print(f"{name:34} {took:8.1f} s {time.process_time() - used:8.1f} s", flush=True)
    return took


if __name__ == "__main__":
    main()
