"""Products that send as the common SDKs do: the same batch again until it is acknowledged."""

import base64
import gzip
import http.client
import json
import random
import threading
from collections.abc import Sequence

from bench.drill import events
from bench.drill.ledger import Ledger

FRESH, AGAIN = 20, 4
FINAL = ("400", "401", "413")


class Sender(threading.Thread):
    """Sends to `ports` in turn until told to end. What it has begun to send it sends."""

    def __init__(
        self, number: int, ports: Sequence[int], key: str, ledger: Ledger, *, pause: float
    ) -> None:
        super().__init__(name=f"sender-{number}", daemon=True)
        self.ports, self.ledger, self.pause = ports, ledger, pause
        self.turn, self.dice, self.ended = number, random.Random(number), threading.Event()
        token = base64.b64encode(f"{key}:".encode()).decode()
        self.headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}

    def run(self) -> None:
        while not self.ended.wait(self.pause * self.dice.uniform(0.5, 1.5)):
            fresh = self.ledger.fresh(self.dice.randint(1, 2 * FRESH), self.dice)
            numbers = fresh + self.ledger.old(self.dice.randint(0, 2 * AGAIN), self.dice)
            self.dice.shuffle(numbers)
            self.deliver(numbers)

    def deliver(self, numbers: Sequence[int]) -> None:
        """As often as it takes, or until it is refused for good: that must happen to nobody but
        those who were erased."""
        while True:
            answer = self.post(self.body(numbers))
            if answer == "200":
                return self.ledger.answered(answer, numbers)
            if answer in FINAL:
                return self.ledger.denied(answer, numbers)
            self.ledger.answered(answer)
            self.turn += 1
            self.ended.wait(self.dice.uniform(0.05, 0.2))

    def body(self, numbers: Sequence[int]) -> bytes:
        calls = [events.call(number, self.ledger.at[number]) for number in numbers]
        return json.dumps({"batch": calls, "sentAt": events.now().isoformat()}).encode()

    def post(self, body: bytes) -> str:
        """The status, or how the connection broke."""
        packed = self.dice.random() < 0.5
        port = self.ports[self.turn % len(self.ports)]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(
                "POST", "/v1/batch", gzip.compress(body) if packed else body, self.headers
            )
            with connection.getresponse() as answer:
                answer.read()
                return str(answer.status)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()
