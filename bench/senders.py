"""Clients that send what event SDKs send, as fast as they are answered."""

import base64
import gzip
import http.client
import json
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

EVENTS = 100
NAMES = ("Report Viewed", "Login", "Export", "請求書を作成", "Session Ended")
KEYS_EACH = 8  # a key may send 1,000 events a second


@dataclass(frozen=True)
class Request:
    """A batch as it goes over the wire, and the message ids in it."""

    body: bytes
    headers: dict[str, str]
    messages: Sequence[str]


@dataclass(frozen=True)
class Sent:
    """What one client saw: the message ids it was told are kept, the milliseconds it waited for
    each answer, and the answers that were not 200."""

    kept: Sequence[str]
    waits: Sequence[float]
    others: Sequence[int]


@dataclass(frozen=True)
class Run:
    """What all clients saw, and the seconds from the first request to the last answer."""

    sent: Sequence[Sent]
    seconds: float

    @property
    def kept(self) -> list[str]:
        return [message for each in self.sent for message in each.kept]

    @property
    def rate(self) -> float:
        """Events a second."""
        return len(self.kept) / self.seconds

    @property
    def p99(self) -> float:
        waits = sorted(wait for each in self.sent for wait in each.waits)
        return waits[int(0.99 * (len(waits) - 1))]


def requests(clients: int, each: int, keys: Sequence[str], *, zipped: bool) -> list[list[Request]]:
    """For each of the clients so many batches, every event another one."""
    now, dice = datetime.now(UTC), random.Random(time.time_ns())
    return [
        [
            request(now, dice, keys[KEYS_EACH * client + turn % KEYS_EACH], zipped)
            for turn in range(each)
        ]
        for client in range(clients)
    ]


def request(now: datetime, dice: random.Random, key: str, zipped: bool) -> Request:
    events = [event(now - timedelta(seconds=dice.random()), dice) for _ in range(EVENTS)]
    body = json.dumps({"batch": events, "sentAt": now.isoformat()}).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "analytics-python/2.3.5",
        "Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode(),
    }
    if zipped:
        body, headers["Content-Encoding"] = gzip.compress(body, 6), "gzip"
    return Request(body, headers, [each["messageId"] for each in events])


def event(at: datetime, dice: random.Random) -> dict[str, object]:
    """A call of `track` with the fields that the Python SDK of Segment gives it; every other one
    leaves to us whose account it is."""
    return {
        "integrations": {},
        "anonymousId": None,
        "properties": {
            "report": f"r-{dice.randrange(500)}",
            "plan": dice.choice(("Standard", "Business")),
            "minutes": dice.randrange(90),
            "shared": dice.random() < 0.2,
        },
        "timestamp": at.isoformat(),
        "context": {
            "library": {"name": "analytics-python", "version": "2.3.5"},
        }
        | ({"groupId": f"acct-{dice.randrange(2_000)}"} if dice.random() < 0.5 else {}),
        "userId": f"user-{dice.randrange(20_000)}",
        "type": "track",
        "event": dice.choice(NAMES),
        "messageId": str(UUID(int=dice.getrandbits(128), version=4)),
    }


def send(port: int, work: Sequence[Sequence[Request]]) -> Run:
    """Every client on a connection of its own, the next batch when the last is answered."""
    found: list[Sent] = []
    threads = [
        threading.Thread(target=lambda mine=mine: found.append(client(port, mine)), daemon=True)
        for mine in work
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Run(found, time.perf_counter() - began)


def client(port: int, work: Sequence[Request]) -> Sent:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    kept: list[str] = []
    waits: list[float] = []
    others: list[int] = []
    for each in work:
        began = time.perf_counter()
        connection.request("POST", "/v1/batch", each.body, each.headers)
        answer = connection.getresponse()
        answer.read()
        waits.append((time.perf_counter() - began) * 1000)
        if answer.status == 200:
            kept += each.messages
        else:
            others.append(answer.status)
    connection.close()
    return Sent(kept, waits, others)
