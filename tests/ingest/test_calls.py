"""One call: what is read of it, and why it is not taken."""

import json
from datetime import UTC, datetime

import pytest
from msgspec import Raw

from banso.ingest.calls import Bad, Reader
from banso.ingest.models import Receipt
from banso.ingest.receipts import unpacked
from tests.ingest.conftest import kept, names, track

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def read(call, *, kind="", browser=False, sent=None, reader=None):
    reader = reader or Reader(kind, browser, sent, NOW)
    return reader.read(Raw(call if isinstance(call, bytes) else json.dumps(call).encode()))


def test_ids_may_be_numbers_or_long_and_visitors_never_are_users():
    assert read(track(user=42)).person == "42"
    long = read(track(user="x" * 5000)).person
    assert len(long) == 64 and long == read(track(user="x" * 5000)).person
    visitor = read({"type": "track", "event": "e", "anonymousId": "u-1", "userId": None})
    assert visitor.person == "anonymous:u-1"
    both = read(track(anonymousId="a-1"))
    assert (both.person, both.anonymous) == ("u-1", "anonymous:a-1")


def test_the_account_is_said_in_the_context():
    assert read(track(context={"groupId": "acct-1", "ip": "203.0.113.5"})).account == "acct-1"
    assert read(track()).account is None


def test_properties_are_kept_with_sorted_keys_and_nothing_else_is():
    said = read(track(properties={"b": 1, "a": {"z": 1, "y": [None]}}, context={"ip": "x"}))
    assert said.properties == '{"a":{"y":[null],"z":1},"b":1}'
    assert read(track(properties=None)).properties == "{}"


def test_a_call_without_a_name_of_its_own_gets_the_same_one_when_it_is_sent_again():
    call = track(timestamp="2026-11-30T08:00:00Z")
    first = read(call | {"sentAt": "2026-11-30T08:00:01Z", "writeKey": "a"}, kind="track")
    again = read(call | {"sentAt": "2026-11-30T08:07:00Z", "writeKey": "a"}, kind="track")
    other = read(call | {"event": "Login"}, kind="track")
    assert first.message == again.message != other.message
    assert len(first.message) <= 100
    one = Reader("", False, None, NOW)
    assert len({read(call, reader=one).message for _ in range(3)}) == 3


def test_a_long_name_of_a_call_stays_one_of_its_own():
    assert read(track(messageId="m" * 100)).message == "m" * 100
    long = read(track(messageId="m" * 101)).message
    assert len(long) <= 100 and long != read(track(messageId="m" * 102)).message


def test_a_user_of_a_page_becomes_known_but_nothing_is_said_of_them():
    call = {"type": "identify", "userId": "u-1", "anonymousId": "a", "traits": {"name": "山田"}}
    assert read(call).traits == {"name": "山田"}
    assert read(call, browser=True).traits == {}


@pytest.mark.parametrize(
    ("call", "code", "field"),
    [
        (b"5", "not_an_event", ""),
        (b"[]", "not_an_event", ""),
        (b'{"type": "track", "userId": "\\ud800"}', "not_json", ""),
        (b'{"type": "track", "userId": "\xff"}', "not_json", ""),
        (b'{"type":"page","userId":"u","integrations":"\xff"}', "not_json", ""),
        (b'{"properties":' + b'{"a":' * 5000 + b"1" + b"}" * 5001, "too_deep", ""),
        (track(properties={"a": "x" * 33_000}), "event_too_large", ""),
        (track(properties=[1]), "bad_field", "properties"),
        (track(user={"id": 1}), "bad_field", "userId"),
        (track(user=1.5), "bad_field", "userId"),
        (track(context="x"), "bad_field", "context"),
        (track(event=None), "no_event", "event"),
        (track(event=" "), "no_event", "event"),
        (track(event="x" * 201), "long_event", "event"),
        (track(event="a\x00b"), "control_character", "event"),
        (track(user="a\x00b"), "control_character", "userId"),
        (track(user="anonymous:1"), "reserved_id", "userId"),
        (track(user=None), "nobody", "userId"),
        (track(user=""), "nobody", "userId"),
        (track(timestamp="yesterday"), "bad_time", "timestamp"),
        ({"type": "dance", "userId": "u-1"}, "unknown_type", "type"),
        ({"userId": "u-1"}, "unknown_type", "type"),
        ({"type": "group", "userId": "u-1"}, "no_group", "groupId"),
        ({"type": "alias", "userId": "u-1"}, "no_previous", "previousId"),
        ({"type": "alias", "previousId": "a"}, "no_previous", "previousId"),
    ],
)
def test_a_bad_call_says_why(call, code, field):
    with pytest.raises(Bad) as bad:
        read(call)
    assert (bad.value.code, bad.value.field) == (code, field)


def test_a_bad_event_in_a_good_batch_is_refused_by_itself(product):
    answer = product.send(track("A"), track(timestamp="yesterday"), 5, track("B"))
    assert (answer.status_code, names()) == (200, ["A", "B"])
    receipt = Receipt.objects.get()
    assert (receipt.taken, receipt.refused) == (2, 2)
    assert [line.code for line in unpacked(receipt.lines)] == ["", "bad_time", "not_an_event", ""]
    times, sample = receipt.troubles["bad_time:timestamp"]
    assert times == 1 and "yesterday" in sample


def test_a_request_of_which_nothing_is_good_is_told_why(product):
    answer = product.send(track(timestamp="yesterday"))
    assert (answer.status_code, json.loads(answer.content)["code"]) == (400, "bad_time")
    large = product.post({"userId": "u", "event": "e", "properties": {"a": "x" * 33_000}}, "/v1/t")
    assert large.status_code == 413
    assert kept() == [] and Receipt.objects.count() == 2


def test_a_wrong_clock_is_put_right_and_said_so(product):
    product.send(track(timestamp="2031-01-01T00:00:00Z"))
    line = unpacked(Receipt.objects.get().lines)[0]
    assert line.note == "ahead"
    assert kept()[0][2] < datetime(2031, 1, 1, tzinfo=UTC).timestamp() * 1e6
