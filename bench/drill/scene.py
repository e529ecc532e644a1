"""The processes of a drill: two web servers, one worker, products that send, people who read."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.drill.company import KEY
from bench.drill.judge import Read
from bench.drill.ledger import Ledger
from bench.drill.nursery import Nursery, lives
from bench.drill.senders import Sender

PATIENCE = 120.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Web:
    """`banso serve` on a port of its own, killed with all its children."""

    nursery: Nursery
    port: int = field(default_factory=free_port)
    pid: int = 0

    def start(self) -> None:
        words = ["serve", "--no-worker", "--workers", "1", "--port", str(self.port)]
        self.pid = self.nursery.start(*words)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v1/batch", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def kill(self) -> None:
        os.killpg(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        os.kill(self.pid, signal.SIGTERM)
        until(lambda: not lives(self.pid), "a web server ends")


@dataclass(frozen=True)
class Crowd:
    """How many read, how many send, and how many seconds lie between two batches of one."""

    readers: int
    senders: int
    pause: float


@dataclass
class Scene:
    """Everything that runs. `worker` is the pid of the one worker that there is."""

    folder: Path
    logs: Path
    nursery: Nursery
    webs: list[Web]
    ledger: Ledger
    senders: list[Sender]
    readers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    worker: int = 0

    def revive(self) -> None:
        """A worker, if there is none."""
        if not (self.worker and lives(self.worker)):
            self.worker = self.nursery.start("worker", "--pause", "0.1")

    def reads(self) -> list[Read]:
        found = []
        for number in range(len(self.readers)):
            lines = (self.logs / f"reader-{number}.log").read_text().splitlines()
            found += [Read(**json.loads(line)) for line in lines[1:]]
        return found


@contextmanager
def running(folder: Path, seed: int, crowd: Crowd, *, logs: Path) -> Iterator[Scene]:
    """All of it over the installation in `folder`; what the processes write goes to `logs`."""
    nursery, ledger = Nursery(logs / "processes.log"), Ledger()
    webs = [Web(nursery) for _ in range(2)]
    ports = [web.port for web in webs]
    products = [
        Sender(seed * 100 + number, ports, KEY, ledger, pause=crowd.pause)
        for number in range(crowd.senders)
    ]
    scene = Scene(folder, logs, nursery, webs, ledger, products)
    try:
        for web in webs:
            web.start()
        for web in webs:
            until(web.answers, "a web server answers")
        scene.revive()
        for sender in products:
            sender.start()
        for number in range(crowd.readers):
            with (logs / f"reader-{number}.log").open("wb") as log:
                command = [sys.executable, "-m", "bench.drill.reader", "0.05"]
                scene.readers.append(subprocess.Popen(command, stdout=log))
        yield scene
    finally:
        calm(scene)
        if lives(scene.worker):
            os.kill(scene.worker, signal.SIGTERM)
        for web in webs:
            web.stop()
        nursery.close()


def calm(scene: Scene) -> None:
    """Senders and readers come to their ends."""
    for sender in scene.senders:
        sender.ended.set()
    for sender in scene.senders:
        sender.join(timeout=PATIENCE)
    for reader in scene.readers:
        reader.terminate()
    for reader in scene.readers:
        reader.wait(timeout=PATIENCE)


def until(holds: object, what: str, patience: float = PATIENCE) -> None:
    """Wait for something that must come."""
    assert callable(holds)
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"waited {patience:.0f} s for nothing: {what}")
        time.sleep(0.05)
