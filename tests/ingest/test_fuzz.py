"""Whatever is sent, the endpoint answers in words and never breaks."""

import gzip
import json
import random

import pytest

from banso.ingest.models import WriteKey
from tests.ingest.conftest import basic

PATHS = ["/v1/" + word for word in ("batch", "b/", "t", "track", "p", "s", "i", "g", "a")]
VALUES = [
    None, True, 0, -1, 1.5, 1e308, 10**30, "", "\0", "x" * 300, "\ud800", "anonymous:1", [], {},
    [[]], {"a": {"b": [1]}}, "2026-11-30T00:00:00Z", "9999-12-31T23:59:59Z", "0000-00-00", "NaN",
    "track", "group", "alias", "identify", "u-1", "山田", -(2**63), 253402300800000, "１２",
]  # fmt: skip
FIELDS = (
    "type", "messageId", "userId", "anonymousId", "previousId", "groupId", "event", "name",
    "category", "timestamp", "originalTimestamp", "properties", "traits", "context", "sentAt",
)  # fmt: skip


def a_call(chance):
    call = {name: chance.choice(VALUES) for name in FIELDS if chance.random() < 0.4}
    if chance.random() < 0.6:
        call |= {"type": chance.choice(["track", "page", "identify", "group", "alias"])}
        call |= {"userId": "u-1", "event": "e", "groupId": "a-1"}
    return call


def a_body(chance):
    """JSON as it may be, then perhaps packed, cut, bent or buried."""
    calls = [a_call(chance) for _ in range(chance.randrange(4))]
    told = calls[0] if calls and chance.random() < 0.4 else {"batch": calls}
    told |= {"sentAt": chance.choice(VALUES), "writeKey": chance.choice(VALUES)}
    body = json.dumps(told).encode()
    match chance.randrange(9):
        case 0:
            body = gzip.compress(body)
        case 1:
            body = gzip.compress(body)[: chance.randrange(1, 40)]
        case 2:
            body = body[: chance.randrange(len(body))]
        case 3:
            place = chance.randrange(len(body))
            body = body[:place] + chance.randbytes(3) + body[place:]
        case 4:
            depth = chance.choice([90, 110, 5_000, 100_000])
            body = b'{"batch":[{"properties":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}]}"
        case 5:
            body = chance.randbytes(chance.randrange(200))
    return body


def headers_of(chance, secret):
    told = {"Authorization": basic(secret)} if chance.random() < 0.85 else {}
    if chance.random() < 0.2:
        told["Authorization"] = chance.choice(["Basic", "Basic \xff", "Bearer x", "Basic Og=="])
    if chance.random() < 0.2:
        told["Origin"] = chance.choice(["null", "https://a.example", "x" * 500])
    if chance.random() < 0.3:
        told["Content-Encoding"] = chance.choice(["gzip", "br", "", "identity"])
    return told


def fuzz(product, seed, times):
    chance = random.Random(seed)
    product.client.raise_request_exception = False
    seen = set()
    for number in range(times):
        kind = chance.choice(["application/json", "text/plain", "x", "multipart/form-data"])
        body, path = a_body(chance), chance.choice(PATHS)
        headers = headers_of(chance, product.secret)
        answer = product.client.post(path, body, content_type=kind, headers=headers)
        assert answer.status_code < 500, (seed, number, path, body[:500])
        assert "success" in json.loads(answer.content)
        seen.add(answer.status_code)
        if number % 50 == 0:
            WriteKey.objects.update(busy_until=None)
    return seen


def test_nothing_breaks_the_endpoint(product):
    assert fuzz(product, 1, 1_000) >= {200, 400, 401}


@pytest.mark.slow
def test_nothing_breaks_the_endpoint_however_often(product):
    assert fuzz(product, 2, 20_000) >= {200, 400, 401}
