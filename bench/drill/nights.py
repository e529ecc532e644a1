"""Nights of plays that are killed, and others that go on where they were: nobody is given a play
twice, nobody is left out, whoever ran it.

    python -m bench.drill.nights [--seed 1] [--kills 200] [--customers 150]    its table as JSON

One night is run to its end and what it leaves is written down. Then, each time on a copy of the
company as it was before, a process runs the night and is killed with kill -9 at a random moment;
every second time another one runs the same night beside it. A last night runs to its end, and what
is left must be what the first left, row by row.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from bench.databases import home
from bench.drill.report import Table

TITLE = "Nights of plays"
PLAYS = 8


def drill(seed: int, kills: int) -> Table:
    """Run it in a process of its own, where nothing is set up yet."""
    words = ["-m", "bench.drill.nights", "--seed", str(seed), "--kills", str(kills)]
    command = [sys.executable, *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, timeout=3600)
    if done.returncode:
        return Table(TITLE, [], [f"the drill itself ended with {done.returncode}"])
    return Table(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--customers", type=int, default=150)
    given = options.parse_args()
    with home("sqlite") as folder:
        import django

        django.setup()
        ended(start(lambda: found(given.customers)))
        print(json.dumps(asdict(killed(folder, given.seed, given.kills))))


def found(customers: int) -> None:
    """A company with plays in use that share their owners' time; in a child, since what opens
    engines has threads, and who forks had better have none."""
    from bench import population
    from bench.plays import put_to_use
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    population.populate(customers)
    name_main_contacts()
    put_to_use(PLAYS, template())
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def name_main_contacts() -> None:
    """Somebody of each customer, for plays to write to."""
    from django.db.models import Min

    from banso.parties.models import Membership

    firsts = Membership.objects.values("home").annotate(first=Min("pk")).values("first")
    Membership.objects.filter(pk__in=list(firsts.values_list("first", flat=True))).update(main=True)


def template() -> str:
    """The name of one in both languages."""
    from banso.assets.actions import Sheet, make_asset, publish

    title = {"en": "Setting up {customer}", "ja": "{お客様名}の設定"}
    body = {"en": "Dear {contact}\n\nHere is how.", "ja": "{先方のお名前} 様\n\nご案内します。"}
    asset = make_asset(kind="template", sheet=Sheet(title, body), by=None)
    publish(asset=asset, by=None)
    return asset.uid


def killed(folder: Path, seed: int, kills: int) -> Table:
    """Each night on a copy of its own of the company."""
    dice, began = random.Random(seed), time.monotonic()
    database = folder / "banso.sqlite3"
    before = folder / "before.sqlite3"
    shutil.copy(database, before)
    lasts = timed(lambda: ended(start(night)))
    whole = told()
    faults, cut, beside = [], 0, 0
    for number in range(kills):
        put_back(before, database)
        struck = start(night)
        other = start(night) if number % 2 else None
        time.sleep(dice.uniform(0, lasts))
        os.kill(struck, signal.SIGKILL)
        os.waitpid(struck, 0)
        if other is not None:
            beside += 1
            ended(other)
        cut += other is None and told() != whole
        ended(start(night))
        if told() != whole:
            faults.append(f"kill {number + 1}: the night is not as one that nobody killed")
    took = time.monotonic() - began
    lines = [
        f"Seed {seed}, {kills} kills in {took:.0f} s, {beside} of them beside another night, "
        f"{cut} of the others before the end. A night gives {whole['rows']} interventions of "
        f"{PLAYS} plays, {whole['messages']} messages and {whole['postings']} postings; "
        f"otherwise than one that nobody killed: {len(faults)}."
    ]
    return Table(TITLE, lines, faults)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def start(work: Callable[[], object]) -> int:
    """A child that does this and is gone; returns its number."""
    from django.db import connection

    connection.close()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(status)
    return child


def ended(child: int) -> None:
    _, status = os.waitpid(child, 0)
    assert status == 0, f"a night ended with {status}"


def night() -> None:
    from django.db import connection

    connection.settings_dict["OPTIONS"]["timeout"] = 300
    from banso.base.workspace import local_today
    from banso.plays.rounds import give_plays

    give_plays(local_today())


def put_back(before: Path, database: Path) -> None:
    for ending in ("-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)
    shutil.copy(before, database)


def told() -> dict[str, object]:
    """How many were given, and a digest of all that a night leaves, without numbers of rows."""
    from django.db import connection

    from banso.actions.models import Action
    from banso.base.models import Activity
    from banso.messages.models import Message, Posting
    from banso.plays.models import Intervention, StepRun

    cells = ("play", "engagement", "occasion", "as_of", "started_on", "rank", "before")
    given = list(Intervention.objects.order_by(*cells[:3]).values_list(*cells))
    left = [
        given,
        sorted(StepRun.objects.values_list("intervention__engagement", "step", "due_on")),
        sorted(Action.objects.values_list("engagement", "title", "owner", "due_on")),
        sorted(Message.objects.values_list("engagement", "person", "title", "to", "state")),
        sorted(Posting.objects.values_list("engagement", "payload__customer", "payload__play")),
        sorted(
            Activity.objects.filter(verb__startswith="intervention.").values_list(
                "engagement_id", "verb"
            )
        ),
    ]
    sent = {"messages": len(left[3]), "postings": len(left[4])}
    connection.close()
    return sent | {"rows": len(given), "digest": hashlib.sha256(repr(left).encode()).hexdigest()}


if __name__ == "__main__":
    main()
