"""Bodies whose length nobody says beforehand, through the real server."""

import gzip
import http.client
import json
from contextlib import closing, suppress

import pytest

from banso.ingest.wire import BODY_CAP, READ_CAP
from tests.ingest.conftest import basic, track
from tests.ingest.servers import KEY

PIECE = 7_000


def post(server, body):
    """The status and what was said, of a request in chunks."""
    headers = {"Authorization": basic(KEY), "Content-Type": "text/plain"}
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        pieces = (body[at : at + PIECE] for at in range(0, len(body), PIECE))
        connection.request("POST", "/v1/batch", pieces, headers, encode_chunked=True)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def many(number):
    calls = [track(messageId=f"m{n}", properties={"n": n}) for n in range(number)]
    return json.dumps({"batch": calls}).encode()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_body_in_chunks_is_taken(server, pack):
    assert post(server, pack(many(300))) == (200, {"success": True})
    assert server.numbers() == list(range(300))


@pytest.mark.parametrize(
    "body",
    [
        b" " * (BODY_CAP + 1),
        b" " * (READ_CAP + 1),
        gzip.compress(b" " * (BODY_CAP + 1)),
    ],
    ids=["a little", "more than is read", "when unpacked"],
)
def test_a_body_in_chunks_that_is_too_large_is_refused(server, body):
    status, told = post(server, body)
    assert (status, told["code"]) == (413, "too_large")
    assert server.rows() == [] and server.codes() == {"too_large"}


def test_nobody_reads_on_where_a_body_in_chunks_is_far_too_large(server):
    with suppress(OSError):  # the connection ends while it is still being sent
        post(server, b" " * (16 * READ_CAP))
    assert post(server, many(1)) == (200, {"success": True})
    assert server.codes() == {"too_large"}
    assert server.numbers() == [0]


def test_a_body_in_chunks_that_breaks_off_leaves_nothing(server):
    headers = {"Authorization": basic(KEY), "Transfer-Encoding": "chunked"}
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("POST", "/v1/batch", headers=headers)
        connection.send(b"4000\r\n" + many(300)[:5_000])
    assert post(server, many(1)) == (200, {"success": True})
    assert server.numbers() == [0]
