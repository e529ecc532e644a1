"""Pages at 100,000 relationships beside the same pages at 1,000.

    python bench/scale.py [--database sqlite|postgresql] [--customers 100000] [--rounds 40]
                          [--plays 0] [--only WORD]

For each size a company is written into a fresh database (bench/population.py) and the round is
run. Then the pages are asked for in one process, as a signed-in member of staff, with other
words and other customers each time. Printed for each page: the 95th percentile of the server's
time at both sizes, their ratio (at most 3), the number of statements (the same), and every
statement whose plan reads a growing table from end to end (none); and the memory of the process
that answered (at most 400 MB). The limits are for Today, Customers and a customer's pages; the
other lists are told beside them.

The server's time is by the clock, so judge it on a machine that does nothing else. Beside it
stands the processor's time of the same requests, in this process alone: on SQLite that is all of
the work, on PostgreSQL what its server does is not in it.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

SMALL = 1_000
LIMIT_MS, LIMIT_RATIO, LIMIT_MB = 150, 3.0, 400
GROWING = 5_000
SORTS = ("name", "segment", "owner", "health", "gap", "stake", "value", "next", "contact")
WORDS = ("山田", "青葉商事", "株式会社", "システム12", "担当07", "みなと 食品")


@dataclass
class Measured:
    """One page: seconds of each request by the clock and of the processor, statements of the
    first, plans that scan."""

    seconds: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    statements: int = 0
    scans: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        return at_95(self.seconds)

    @property
    def p95_worked(self) -> float:
        return at_95(self.worked)


def at_95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(0.95 * (len(seconds) - 1))]


def addresses(uids: Sequence[str], owner: str) -> dict[str, list[str]]:
    """The pages, each with the addresses that are asked in turn."""
    kinds = {
        "today, mine": ["/today/?scope=me"],
        "today, team": ["/today/?scope=team"],
        "today, all": ["/today/?scope=all", "/today/?scope=all&section=in_hand"],
        "today, silent": ["/today/?scope=all&silent=1"],
        "customer": [f"/customers/{uid}/" for uid in uids],
        "customer's trend": [f"/customers/{uid}/trend/" for uid in uids],
        "customer's plan": [f"/customers/{uid}/plan/" for uid in uids],
        "customer's why": [f"/customers/{uid}/why/" for uid in uids],
        "search": [f"/search/?q={word}" for word in WORDS],
        "customers, page 15": ["/customers/?page=15"],
    }
    for column in SORTS:
        kinds[f"customers by {column}"] = [f"/customers/?sort={sign}{column}" for sign in ("", "-")]
    filters = {
        "owner": f"owner={owner}",
        "nobody": "owner=nobody",
        "touch": "touch=high",
        "segment": "segment=大手",
        "renewal": "renewal=30",
        "silent": "silent=1",
        "lost": "state=lost",
        "three": f"owner={owner}&touch=high&renewal=60",
        "words": "q=青葉&touch=low",
    }
    for name, words in filters.items():
        kinds[f"customers of {name}"] = [
            f"/customers/?{words}&sort={sort}" for sort in ("-stake", "gap", "name", "-next")
        ]
    others = ("portfolio", "actions", "alerts", "matches", "notifications")
    support = ("support", "plays", "barriers", "assets", "cases", "trials", "messages")
    support += ("placements", "retrospectives")
    return kinds | {f"({name})": [f"/{name}/"] for name in (*others, *support)}


def build(pipe: Any, customers: int, plays: int) -> None:
    """In a process of its own: write the company, run the round and give the plays."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    from bench import population

    began = time.perf_counter()
    population.populate(customers)
    if plays:
        give(plays)
    pipe.send({"built": time.perf_counter() - began, "counts": population.counts()})


def give(plays: int) -> None:
    from bench.plays import put_to_use

    from banso.base.workspace import local_today
    from banso.plays.rounds import give_plays

    put_to_use(plays)
    give_plays(local_today())


def ask(pipe: Any, rounds: int, only: str) -> None:
    """In a process of its own: ask for the pages, and tell what the process grew to."""
    import django

    django.setup()
    found = measure(rounds, only)
    pages = {name: asdict(each) for name, each in found.items()}
    pipe.send({"pages": pages, "megabytes": memory_mb()})


def measure(rounds: int, only: str) -> dict[str, Measured]:
    from django.test import Client

    from banso.base.models import User
    from banso.engagements.models import Engagement

    client = Client(SERVER_NAME="localhost")
    user = User.objects.order_by("pk")[1]
    client.force_login(user)
    step = max(1, Engagement.objects.count() // 60)
    uids = list(Engagement.objects.order_by("pk").values_list("uid", flat=True)[::step])
    kinds = addresses(uids, user.uid)
    return {name: one_page(client, asked, rounds) for name, asked in kinds.items() if only in name}


def one_page(client: Any, asked: Sequence[str], rounds: int) -> Measured:
    found = Measured()
    for address in asked[:1]:
        client.get(address)
    for address in asked[:4]:
        found.statements, scans = statements_and_scans(lambda a=address: client.get(a))
        found.scans = sorted({*found.scans, *scans})
    for turn in range(rounds):
        address = asked[turn % len(asked)]
        began, used = time.perf_counter(), time.process_time()
        answer = client.get(address)
        found.seconds.append(time.perf_counter() - began)
        found.worked.append(time.process_time() - used)
        assert answer.status_code == 200, (address, answer.status_code)
    return found


def statements_and_scans(ask: Callable[[], object]) -> tuple[int, list[str]]:
    from django.db import connection

    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        ask()
    big = growing()
    scans = [
        f"{line}: {sql[:4000]}"
        for sql, params in seen
        if sql.lstrip("( ").startswith("SELECT")
        for line in (scans_sqlite if connection.vendor == "sqlite" else scans_postgresql)(
            sql, params, big
        )
    ]
    return len(seen), scans


def growing() -> set[str]:
    """The tables with many rows."""
    from django.apps import apps
    from django.db import connection

    names = {model._meta.db_table for model in apps.get_models()}
    with connection.cursor() as cursor:
        found = set()
        for name in names:
            cursor.execute(f'SELECT count(*) FROM (SELECT 1 FROM "{name}" LIMIT {GROWING}) AS t')
            if cursor.fetchone()[0] >= GROWING:
                found.add(name)
        return found


def scans_sqlite(sql: str, params: Any, big: set[str]) -> Iterator[str]:
    """A scan in the order of an index that a LIMIT breaks off is none; any other is."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        lines = [str(row[-1]) for row in cursor.fetchall()]
    names = {alias: table for table in big for alias in aliases(sql, table)}
    sorts = any("FOR ORDER BY" in line and "LAST" not in line for line in lines)
    for line in lines:
        words = line.split()
        if words[0] != "SCAN" or names.get(words[1].strip('"')) is None:
            continue
        if "USING" in words and "LIMIT" in sql and not sorts:
            continue
        yield line


def aliases(sql: str, table: str) -> set[str]:
    """The names a table goes by in a statement."""
    words = sql.replace('"', "").replace("(", " ").replace(")", " ").replace(",", " ").split()
    found = {table}
    for before, after in itertools.pairwise(words):
        if before == table and after[:1] in "UVWTX" and after[1:].isdigit():
            found.add(after)
    return found


def scans_postgresql(sql: str, params: Any, big: set[str]) -> Iterator[str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        [[plan]] = cursor.fetchall()
    [whole] = plan if isinstance(plan, list) else json.loads(plan)
    waiting = [whole["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in big:
            if node.get("Plan Rows", 0) and "LIMIT" in sql and limited(whole["Plan"], node):
                continue
            yield f"Seq Scan {node['Relation Name']}"


def limited(top: dict[str, Any], scan: dict[str, Any]) -> bool:
    """Whether a limit ends the scan early: it is planned to cost far more than the whole."""
    return scan["Total Cost"] > 20 * top["Total Cost"]


def run(options: argparse.Namespace, customers: int) -> dict[str, Any]:
    from bench.databases import home

    with home(options.database):
        built = in_a_process(build, customers, options.plays)
        return built | in_a_process(ask, options.rounds, options.only)


def in_a_process(work: Callable[..., None], *arguments: object) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=work, args=(there, *arguments))
    child.start()
    there.close()
    answer: dict[str, Any] = here.recv()
    child.join()
    return answer


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(small: dict[str, Any], large: dict[str, Any]) -> int:
    for each in (small, large):
        print(f"{each['counts']} written, and the round run, in {each['built']:.0f} s")
    megabytes = large["megabytes"]
    print(f"memory of the process that answered: {megabytes:.0f} MB (at most {LIMIT_MB})")
    print(
        f"{'page':<28}{'p95 small':>10}{'p95 large':>10}{'ratio':>7}"
        f"{'processor':>18}{'statements':>12}  scans"
    )
    failed = int(megabytes > LIMIT_MB)
    for name, each in large["pages"].items():
        was, now = Measured(**small["pages"][name]), Measured(**each)
        ratio = now.p95 / was.p95
        bad = (
            1000 * now.p95 > LIMIT_MS
            or ratio > LIMIT_RATIO
            or was.statements != now.statements
            or bool(now.scans)
        )
        failed += bad and not name.startswith("(")
        counts = f"{was.statements}/{now.statements}"
        worked = f"{1000 * was.p95_worked:.0f} / {1000 * now.p95_worked:.0f} ms"
        print(
            f"{name:<28}{1000 * was.p95:>8.0f}ms{1000 * now.p95:>8.0f}ms{ratio:>7.2f}"
            f"{worked:>18}{counts:>12}  {len(now.scans)}{'  <-' if bad else ''}"
        )
        for scan in now.scans:
            print(f"    {scan[: int(os.environ.get('WIDE', '160'))]}")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--plays", type=int, default=0, help="in use, and given on a night")
    parser.add_argument("--only", default="", help="pages whose name holds this")
    options = parser.parse_args()
    small, large = run(options, SMALL), run(options, options.customers)
    failed = report(small, large)
    print(f"{failed} of {len(large['pages'])} pages miss a limit")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
