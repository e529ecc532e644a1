"""What was sent and what was acknowledged, each with its moment of the monotonic clock, which is
the same for all processes of a machine."""

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bench.drill import events


@dataclass
class Ledger:
    """An event's number is its place in the lists. `answers` counts statuses and broken
    connections; `refused` are the batches that were not taken for good."""

    at: list[datetime] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    acknowledged: list[float | None] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    refused: list[Sequence[int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fresh(self, many: int, dice: random.Random) -> list[int]:
        """New events that are about to be sent."""
        with self.lock:
            first = len(self.at)
            for _ in range(many):
                back = dice.choice(events.AGES) + dice.random() * events.DAY / 50
                self.at.append(events.now() - back)
                self.sent.append(time.monotonic())
                self.acknowledged.append(None)
            return list(range(first, first + many))

    def old(self, many: int, dice: random.Random) -> list[int]:
        """Events that were sent before, acknowledged or not, most of them lately."""
        with self.lock:
            known = len(self.at)
        if not known:
            return []
        return [max(0, known - 1 - int(dice.expovariate(1 / 300))) for _ in range(many)]

    def answered(self, what: str, numbers: Sequence[int] = ()) -> None:
        """An answer came; `numbers` are acknowledged by it."""
        moment = time.monotonic()
        with self.lock:
            self.answers[what] += 1
            for number in numbers:
                if self.acknowledged[number] is None:
                    self.acknowledged[number] = moment

    def denied(self, what: str, numbers: Sequence[int]) -> None:
        """These were refused for good."""
        with self.lock:
            self.answers[what] += 1
            self.refused.append(numbers)

    def kept(self) -> dict[int, float]:
        """The acknowledged events and when each was."""
        return {n: at for n, at in enumerate(self.acknowledged) if at is not None}
