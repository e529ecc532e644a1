"""Eight people writing while a large import comes in and the nightly round runs.

    python bench/concurrency.py [--database sqlite|postgresql] [--customers 5000] [--rows 200000]
                                [--people 8] [--think 2]

A real `banso serve` with its worker answers on this machine. Each of the people opens pages and
writes contacts, next steps and pauses over HTTP, with `--think` seconds (on average; from none to
twice as many) between an answer and their next request, which nobody at a desk keeps up for long;
another process imports `--rows` contacts, and a third runs the round again and again at the
worker's priority, where a real night has one. It ends with the import. Printed: requests and
errors, writes that were acknowledged and are not there (none), the 95th percentile of the seconds
of each page and each kind of write, and of all (at most 0.5), and that the import's counts add up
to its file.
"""

import argparse
import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
from bench import databases  # noqa: E402

LIMIT_SECONDS = 0.5
TOKEN = "c" * 32
ROUNDS = """
import django
django.setup()
from banso.base.pacing import step_back
from banso.desk.rounds import round_now
step_back()
while True:
    round_now()
"""


@dataclass
class Tally:
    """What one person saw: seconds by page, acknowledged writes by kind, what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    written: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)


@dataclass
class Person:
    """A member of staff with a browser: one connection kept open."""

    session: str
    uids: Sequence[str]
    port: int
    number: int
    tally: Tally = field(default_factory=Tally)

    def work(self, ended: threading.Event, think: float) -> None:
        dice, turn = random.Random(self.number), 0
        while not ended.is_set():
            turn += 1
            word = f"p{self.number}t{turn}"
            for request in self.visit(dice.choice(self.uids), word, dice):
                request()
                if ended.wait(think * dice.random() * 2):
                    return

    def visit(self, uid: str, word: str, dice: random.Random) -> list[Callable[[], object]]:
        """What one does with one customer, a request at a time."""
        spoken = {"channel": "call", "summary": f"{word} 状況を伺いました"}
        step = {"title": f"{word} 資料を送る", "due": "week"}
        table = f"/customers/?sort={dice.choice(['-stake', 'name', '-gap'])}"
        return [
            lambda: self.ask("today", "GET", "/today/?scope=all"),
            lambda: self.ask("customer", "GET", f"/customers/{uid}/"),
            lambda: self.write("contact", uid, spoken, word),
            lambda: self.ask("customers", "GET", table),
            lambda: self.write("action", uid, step, word),
            lambda: self.write("set-aside", uid, {"kind": "snooze", "later": "week"}, uid),
        ]

    def write(self, kind: str, uid: str, words: dict[str, str], mark: str) -> None:
        paths = {"contact": "contacts", "action": "actions", "set-aside": "set-aside"}
        if self.ask(f"write {kind}", "POST", f"/customers/{uid}/{paths[kind]}/", urlencode(words)):
            self.tally.written[kind].append(mark)

    def ask(self, page: str, method: str, path: str, body: str = "") -> bool:
        cookies = f"sessionid={self.session}; csrftoken={TOKEN}"
        headers = {"Cookie": cookies, "X-CSRFToken": TOKEN}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body.encode() or None, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.tally.errors[f"{page}: {type(error).__name__}"] += 1
            return False
        finally:
            connection.close()
        self.tally.seconds[page].append(time.perf_counter() - began)
        if answer.status not in (200, 302, 303):
            self.tally.errors[f"{page}: {answer.status}"] += 1
        return answer.status in (200, 302, 303)


def main() -> int:
    options = arguments()
    with databases.home(options.database) as folder:
        os.environ["PYTHONPATH"] = str(ROOT / "src")
        sessions, uids = company(options.customers, options.people)
        path = contacts_file(folder, options.rows, options.customers)
        with running(port := free_port()):
            await_server(port)
            people = [Person(s, uids, port, n) for n, s in enumerate(sessions)]
            quiet = phase(people, options, [])
            for person in people:
                person.tally = Tally()
            began = time.perf_counter()
            busy = phase(people, options, [importing(path), [sys.executable, "-c", ROUNDS]])
        took = time.perf_counter() - began
        return report(options, quiet, busy, people, took)


def phase(people: Sequence[Person], options: argparse.Namespace, beside: list[list[str]]) -> Tally:
    """Everybody works: for ten seconds, or as long as the first process beside them runs."""
    ended = threading.Event()
    threads = [
        threading.Thread(target=each.work, args=(ended, options.think), daemon=True)
        for each in people
    ]
    children = [subprocess.Popen(command, env=os.environ) for command in beside]
    for thread in threads:
        thread.start()
    try:
        if children:
            children[0].wait(timeout=options.longest)
        else:
            time.sleep(10)
    except subprocess.TimeoutExpired:
        print(f"the import was not done after {options.longest} s")
    finally:
        for child in children[1:]:
            child.terminate()
        ended.set()
        for thread in threads:
            thread.join(timeout=90)
        for child in children:
            child.wait(timeout=90)
    return together([person.tally for person in people])


def together(tallies: Sequence[Tally]) -> Tally:
    whole = Tally()
    for each in tallies:
        whole.errors.update(each.errors)
        for page, seconds in each.seconds.items():
            whole.seconds[page] += seconds
        for kind, marks in each.written.items():
            whole.written[kind] += marks
    return whole


def report(
    options: argparse.Namespace, quiet: Tally, busy: Tally, people: Sequence[Person], took: float
) -> int:
    print(f"{options.database}: {options.customers} customers, {len(people)} people, {took:.0f} s")
    print(f"{'page':>18} {'alone p95':>10} {'requests':>9} {'p50':>7} {'p95':>7} {'max':>7}")
    for page, seconds in sorted(busy.seconds.items()):
        alone = at(quiet.seconds.get(page, [0.0]), 0.95)
        cells = (at(seconds, 0.5), at(seconds, 0.95), max(seconds))
        print(f"{page:>18} {alone:10.3f} {len(seconds):9} " + " ".join(f"{c:7.3f}" for c in cells))
    lost, counts = missing(people), import_counts()
    every = [second for seconds in busy.seconds.values() for second in seconds]
    p95 = at(every, 0.95)
    written = sum(map(len, busy.written.values()))
    print(f"errors {sum(busy.errors.values())} {dict(busy.errors)}")
    print(f"writes acknowledged {written}, lost {sum(lost.values())} {lost}")
    print(f"import {counts}")
    print(f"p95 of all requests {p95:.3f} s (limit {LIMIT_SECONDS})")
    sound = not busy.errors and not sum(lost.values()) and counts.get("status") == "done"
    return int(not (sound and p95 <= LIMIT_SECONDS))


def at(seconds: Sequence[float], share: float) -> float:
    return sorted(seconds)[int(share * (len(seconds) - 1))]


def company(customers: int, people: int) -> tuple[list[str], list[str]]:
    """A company with everybody signed in: session keys, and the addresses of customers."""
    import django

    django.setup()
    from bench.population import populate
    from django.core.management import call_command
    from django.test import Client

    from banso.base.models import Role, StaffGrant, User
    from banso.engagements.models import Engagement
    from banso.events.models import ExternalId
    from banso.events.sources import default_source

    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    populate(customers)
    source = default_source()
    rows = list(Engagement.objects.order_by("pk").values_list("pk", "uid"))
    ExternalId.objects.bulk_create(
        (ExternalId(source=source, kind="account", value=f"A{n}", engagement_id=pk)
         for n, (pk, _) in enumerate(rows)), batch_size=500
    )  # fmt: skip
    StaffGrant.objects.update(role=Role.MANAGER)
    sessions = []
    for user in User.objects.order_by("pk")[:people]:
        client = Client()
        client.force_login(user)
        sessions.append(client.cookies["sessionid"].value)
    return sessions, [uid for _, uid in rows]


def contacts_file(folder: Path, rows: int, customers: int) -> Path:
    """Contacts of the last three years, as a CRM would hand them over."""
    path, day = folder / "contacts.csv", datetime.now(UTC).date()
    with path.open("w", encoding="utf-8") as file:
        file.write("account_id,occurred_at,channel,staff,summary\n")
        for number in range(rows):
            at_day = day - timedelta(days=1 + number % 1000)
            file.write(f"A{number % customers},{at_day},call,,import {number}\n")
    return path


def importing(path: Path) -> list[str]:
    return [sys.executable, "-m", "banso", "import", "--contacts", str(path)]


@contextmanager
def running(port: int) -> Iterator[None]:
    words = [sys.executable, "-m", "banso", "serve", "--port", str(port), "--workers", "2"]
    child = subprocess.Popen(words, env=os.environ, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        child.terminate()
        child.wait(timeout=60)


def await_server(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not come up")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def missing(people: Sequence[Person]) -> dict[str, int]:
    """Acknowledged writes that the database does not hold, by kind."""
    from banso.actions.models import Action, Contact, SetAside

    words = Contact.objects.filter(summary__startswith="p").values_list("summary", flat=True)
    contacts = {summary.split()[0] for summary in words}
    titles = Action.objects.filter(title__startswith="p").values_list("title", flat=True)
    actions = {title.split()[0] for title in titles}
    aside = set(SetAside.objects.values_list("engagement__uid", flat=True))
    held = {"contact": contacts, "action": actions, "set-aside": aside}
    return {
        kind: sum(
            mark not in held[kind] for person in people for mark in person.tally.written[kind]
        )
        for kind in held
    }


def import_counts() -> dict[str, object]:
    from banso.events.models import Import

    names = ("status", "lines", "applied", "imported", "rejected", "on_hold", "duplicates")
    row = Import.objects.order_by("-id").first()
    return {name: getattr(row, name) for name in names} if row else {}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Eight people, an import and the round at once.")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--customers", type=int, default=5_000)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--think", type=float, default=2.0)
    parser.add_argument("--longest", type=float, default=1800)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
