"""One kill of each kind: who is the victim, at what moment, and how the scene goes on."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bench.drill import events, moments
from bench.drill.judge import Gone
from bench.drill.minutes import RECENT, expire_leases, make_quiet, pass_minutes
from bench.drill.nursery import lives
from bench.drill.scene import Scene, Web, until

if TYPE_CHECKING:
    from banso.events.models import Source

SPREAD = 0.06


@dataclass(frozen=True)
class Strike:
    """A kill. `inside` says that the victim was seen in the middle of what it was killed in."""

    kind: str
    moment: str
    inside: bool
    began: float
    ended: float


@dataclass
class Striker:
    scene: Scene
    dice: random.Random
    gone: dict[str, Gone] = field(default_factory=dict)
    """By person who was to be erased, what that takes away, and from when to when."""

    def strike(self, kind: str) -> Strike:
        began = time.monotonic()
        self.scene.revive()
        moment, inside = KINDS[kind](self)
        pass_minutes(self.scene.folder / "lake", but=RECENT)
        self.scene.revive()
        self.note_erased()
        return Strike(kind, moment, inside, began, time.monotonic())

    def ingest(self) -> tuple[str, bool]:
        """A web server with all its children, while products send to it."""
        web: Web = self.dice.choice(self.scene.webs)
        until(web.answers, "the web server answers again")
        moment = self.dice.choice(["at random", "batch kept"])
        if moment == "batch kept":
            moments.await_moment(moments.received(), web.pid, self.dice, SPREAD / 6)
        else:
            time.sleep(self.dice.random() * 0.3)
        web.kill()
        web.start()
        return moment, True

    def load(self) -> tuple[str, bool]:
        folder, pid = self.scene.folder / "lake", self.scene.worker
        known = {
            "batches leased": lambda: moments.leased,
            "part half written": lambda: moments.written_aside(folder, pid),
            "part named": lambda: moments.written(folder, pid),
            "manifest changed": moments.committed,
        }
        moment = self.dice.choice(list(known))
        moments.await_moment(known[moment](), pid, self.dice, SPREAD)
        self.kill(pid)
        inside = moments.leased()
        expire_leases()
        return moment, inside

    def rollup(self) -> tuple[str, bool]:
        """`banso measure`, or the worker when it follows a lake that was put together."""
        folder, pid = self.scene.folder / "lake", self.scene.worker
        if self.dice.random() < 0.5:
            self.scene.nursery.start("lake", "compact")
        else:
            pid = self.scene.nursery.start("measure")
        known = {
            "rollup half written": lambda: moments.rolled_aside(folder, pid),
            "rollup named": lambda: moments.rolled(folder, pid),
        }
        moment = self.dice.choice(list(known))
        inside = moments.await_moment(known[moment](), pid, self.dice, SPREAD)
        self.kill(pid)
        expire_leases()
        return moment, inside

    def compaction(self) -> tuple[str, bool]:
        """`banso lake compact`, or a worker that has just begun and finds days over and quiet."""
        folder = self.scene.folder / "lake"
        is_worker = self.dice.random() < 0.5
        if is_worker:
            make_quiet()
            self.kill(self.scene.worker)
            expire_leases()
            self.scene.revive()
            pid = self.scene.worker
        else:
            pid = self.scene.nursery.start("lake", "compact")
        known = {
            "part half written": moments.written_aside(folder, pid),
            "part named": moments.written(folder, pid),
        }
        moment = self.dice.choice(list(known))
        seen = moments.but_loading(known[moment]) if is_worker else known[moment]
        inside = moments.await_moment(seen, pid, self.dice, SPREAD)
        self.kill(pid)
        expire_leases()
        return moment, inside

    def erasure(self) -> tuple[str, bool]:
        """`banso lake erase`, which a worker goes on with; half of the time that dies as well."""
        person, folder = self.somebody(), self.scene.folder / "lake"
        self.gone[person] = Gone(bits_of(person), time.monotonic())
        pid = self.scene.nursery.start("lake", "erase", f"{product().key}:{person}", "--yes")
        known = {
            "erasure asked": moments.asked,
            "part half written": lambda: moments.written_aside(folder, pid),
            "part named": lambda: moments.written(folder, pid),
        }
        moment = self.dice.choice(list(known))
        inside = moments.await_moment(known[moment](), pid, self.dice, SPREAD)
        self.kill(pid)
        expire_leases()
        if not is_barred(person):
            del self.gone[person]  # killed before anything was promised
        if self.dice.random() < 0.5:
            time.sleep(self.dice.random())
            self.kill(self.scene.worker)
            expire_leases()
        return moment, inside

    def somebody(self) -> str:
        """Of those who work together, mostly somebody of some time ago; else of right now."""
        until(lambda: len(self.scene.ledger.sent) > 400, "events were sent")
        known = len(self.scene.ledger.sent)
        back = self.dice.choice([1, 200, known // 2, known - 1])
        while (number := known - back) % 2 == 0 or events.person(number) in self.gone:
            back = self.dice.randrange(1, known)
        return events.person(number)

    def note_erased(self) -> None:
        """From now on nobody may see those whose erasure is done."""
        for person, each in self.gone.items():
            if each.done is None and is_barred(person, done=True):
                self.gone[person] = replace(each, done=time.monotonic())

    def kill(self, pid: int) -> None:
        if lives(pid):
            os.kill(pid, signal.SIGKILL)
        while lives(pid):
            time.sleep(moments.LOOK)


KINDS: dict[str, Callable[[Striker], tuple[str, bool]]] = {
    "ingest": Striker.ingest,
    "load": Striker.load,
    "rollup": Striker.rollup,
    "compaction": Striker.compaction,
    "erasure": Striker.erasure,
}


def bits_of(person: str) -> int:
    """All events there can be of somebody who works together with others."""
    first = int(person[1:]) * events.SHARED
    numbers = range(first, first + events.SHARED)
    return sum(1 << number for number in numbers if events.person(number) == person)


def is_barred(person: str, *, done: bool = False) -> bool:
    """Whether the erasure of somebody was asked for, or is done."""
    from banso.engine.barred import digest_of
    from banso.events.models import BarredId

    found = BarredId.objects.filter(digest=digest_of(product().pk, person))
    return (found.exclude(erasure__done_at=None) if done else found).exists()


def product() -> "Source":
    from banso.events.models import Source

    return Source.objects.exclude(key=Source.BANSO).get()
