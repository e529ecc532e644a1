"""Two SDKs as they are published, against the real server: every event arrives exactly once."""

import threading
import time

import pytest
from rudderstack.analytics.client import Client as Rudder
from rudderstack.analytics.request import APIError as RudderError
from rudderstack.analytics.request import post as rudder_post
from segment.analytics.client import Client as Segment
from segment.analytics.request import APIError as SegmentError
from segment.analytics.request import post as segment_post

from tests.ingest.servers import KEY

SDKS = {"segment": Segment, "rudder": Rudder}
POSTS = {"segment": segment_post, "rudder": rudder_post}
REFUSED = (SegmentError, RudderError)
pytestmark = pytest.mark.parametrize("sdk", SDKS)


def client(sdk, server, **words):
    failures = []
    words = {"write_key": KEY, "upload_interval": 0.2, "gzip": False} | words
    made = SDKS[sdk](host=server.url, on_error=lambda e, items: failures.append(e), **words)
    return made, failures


def send(made, numbers, event="Report"):
    for n in numbers:
        made.track("u-1", event, {"n": n})


@pytest.mark.parametrize("gzip", [False, True])
def test_everything_arrives(server, sdk, gzip):
    made, failures = client(sdk, server, gzip=gzip)
    made.identify("u-1", {"name": "山田"})
    made.group("u-1", "acct-1", {"name": "青空商事"})
    send(made, range(250))
    made.page("u-1", "docs", "Guide", {"n": 250})
    made.screen("u-1", "app", "Home", {"n": 251})
    made.alias("anon-9", "u-1")
    made.shutdown()
    assert failures == []
    assert server.numbers() == list(range(252))
    assert len(server.rows()) == 252
    assert {row[3] for row in server.rows()} == {"acct-1"}


def test_a_refusal_for_good_is_told_and_not_sent_again(server, sdk):
    made, failures = client(sdk, server)
    send(made, [1], event=" ")
    made.shutdown()
    assert [(each.status, each.code) for each in failures] == [(400, "no_event")]
    assert server.rows() == []


def test_an_unknown_key_is_told(server, sdk):
    made, failures = client(sdk, server, write_key="srv_guess")
    send(made, [1])
    made.shutdown()
    assert [(each.status, each.code) for each in failures] == [(401, "unknown_key")]
    assert server.rows() == []


def test_what_is_too_large_is_told(server, sdk):
    """One SDK sees to it itself that no request grows so large; what sends for it does not."""
    large = {
        "type": "track",
        "userId": "u-1",
        "event": "Report",
        "properties": {"n": "x" * 600_000},
    }
    with pytest.raises(REFUSED) as refusal:
        POSTS[sdk](KEY, server.url, batch=[large], gzip=False)
    assert (refusal.value.status, refusal.value.code) == (413, "too_large")
    made, failures = client(sdk, server)
    for n in range(16):
        made.track("u-1", "Report", {"n": n, "text": "x" * 31_000})
    made.shutdown()
    assert failures == []
    assert server.numbers() == list(range(16))


def test_a_key_in_a_hurry_waits_and_loses_nothing(server, sdk):
    server.hurried(2)
    made, failures = client(sdk, server)
    send(made, range(30))
    made.flush()
    made.shutdown()
    assert failures == [] and "too_fast" in server.codes()
    assert server.numbers() == list(range(30))
    assert len(server.rows()) == 30


def test_what_cannot_be_written_is_sent_again(server, sdk):
    made, failures = client(sdk, server)
    with server.full():
        send(made, range(30))
        time.sleep(2)
        assert server.rows() == []
    made.flush()
    made.shutdown()
    assert failures == []
    assert server.numbers() == list(range(30))


def test_the_server_is_restarted_in_the_middle(server, sdk):
    made, failures = client(sdk, server, upload_size=20)
    sender = threading.Thread(target=slowly, args=(made,))
    sender.start()
    time.sleep(1)
    server.stop()
    before = len(server.rows())
    server.start()
    sender.join()
    made.flush()
    made.shutdown()
    assert failures == []
    assert 0 < before < 300
    assert server.numbers() == list(range(300))


def slowly(made):
    for n in range(300):
        send(made, [n])
        time.sleep(0.01)
