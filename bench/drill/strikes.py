"""One kill of each kind: who is the victim, at what moment, and how the scene goes on."""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.drill import moments
from bench.drill.minutes import RECENT, expire_leases, pass_minutes
from bench.drill.nursery import lives
from bench.drill.scene import Scene, Web, until

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

    def strike(self, kind: str) -> Strike:
        began = time.monotonic()
        self.scene.revive()
        moment, inside = KINDS[kind](self)
        pass_minutes(self.scene.folder / "lake", but=RECENT)
        self.scene.revive()
        return Strike(kind, moment, inside, began, time.monotonic())

    def ingest(self) -> tuple[str, bool]:
        """A web server with all its children, while products send to it."""
        web: Web = self.dice.choice(self.scene.webs)
        until(web.answers, "the web server answers again")
        moment = self.dice.choice(["at random", "batch kept"])
        if moment == "batch kept":
            moments.await_moment(moments.received(), web.process.pid, self.dice, SPREAD / 6)
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
        """The worker, which follows a lake that was put together, or `banso measure`."""
        folder = self.scene.folder / "lake"
        pid = self.scene.nursery.start("measure")
        known = {
            "rollup half written": lambda: moments.rolled_aside(folder, pid),
            "rollup named": lambda: moments.rolled(folder, pid),
        }
        moment = self.dice.choice(list(known))
        inside = moments.await_moment(known[moment](), pid, self.dice, SPREAD)
        self.kill(pid)
        return moment, inside

    def compaction(self) -> tuple[str, bool]:
        folder = self.scene.folder / "lake"
        pid = self.scene.nursery.start("lake", "compact")
        known = {
            "part half written": lambda: moments.written_aside(folder, pid),
            "part named": lambda: moments.written(folder, pid),
        }
        moment = self.dice.choice(list(known))
        inside = moments.await_moment(known[moment](), pid, self.dice, SPREAD)
        self.kill(pid)
        return moment, inside

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
}
