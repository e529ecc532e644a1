"""What two SDKs really sent is taken, and sent once more it is the same."""

import gzip
import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from banso.ingest.keys import digest_of
from banso.ingest.models import Receipt, WriteKey
from tests.ingest.conftest import kept
from tests.ingest.recordings import HERE, all_in, replay
from tests.shared import shared

THEN = datetime(2026, 11, 21, 16, 25, tzinfo=UTC)
KEYS = {"segment": "WK_py", "rudder": "WK_rs"}


@pytest.fixture
def keys(source):
    for secret in KEYS.values():
        WriteKey.objects.create(source=source, kind="server", digest=digest_of(secret), shown="WK")


def body_of(request):
    text = gzip.decompress(request.body) if request.body[:2] == b"\x1f\x8b" else request.body
    return json.loads(text)["batch"]


def state():
    """What the lake will hold: of the same message, the first."""
    first = {}
    for row in kept():
        first.setdefault(row[1], (row[3], row[4], row[5], row[7]))
    return first


@pytest.mark.parametrize("request_", all_in(HERE), ids=lambda each: each.name)
def test_a_recorded_request_arrives_whole(keys, request_):
    with time_machine.travel(THEN, tick=False):
        answer = replay(Client(), request_)
    assert (answer.status_code, answer.content) == (200, b'{"success": true}')
    receipt = Receipt.objects.get()
    calls = body_of(request_)
    assert (receipt.taken, receipt.refused) == (len(calls), 0)
    wanted = [each for each in calls if each["type"] in ("track", "page", "screen")]
    assert [row[1] for row in kept()] == [each["messageId"] for each in wanted]
    by_event = {row[5]: row for row in kept()}
    report = by_event["レポート作成"]
    assert (report[3], report[4]) == ("acct-1", "u-1")
    assert json.loads(report[7]) == {"report": "月次", "rows": 120}
    assert by_event["Signed Up"][4] == "anonymous:anon-9"
    assert json.loads(by_event["page"][7])["name"] == "Guide"


def test_all_shared_recordings_replay_to_the_same_state(keys):
    """Every request of every scenario, twice: what failed then and was sent again counts once."""
    requests = all_in(shared("segment"))
    with time_machine.travel(THEN, tick=False):
        first = [replay(Client(), each).status_code for each in requests]
        once = state()
        again = [replay(Client(), each).status_code for each in requests]
    assert set(first) | set(again) == {200}
    calls = {
        each["messageId"]
        for request in requests
        for each in body_of(request)
        if each["type"] in ("track", "page", "screen")
    }
    assert len(calls) > 20
    assert set(once) == calls
    assert state() == once
