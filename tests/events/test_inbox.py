"""The inbox holds what it was given, and refuses what the lake could not hold."""

import zlib
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from msgspec.structs import replace

from banso.events import inbox
from banso.events.inbox import ReceivedEvent, receive
from banso.events.models import Inbox, Source

JST = timezone(timedelta(hours=9))
AT = datetime(2026, 11, 30, 9, 0, 0, 123456, tzinfo=JST)


@pytest.fixture
def source(workspace):
    return Source.objects.create(key="product", name="Product")


def an_event(of, **fields):
    said = '{"plan":"大口"}'
    return replace(ReceivedEvent(of.pk, "m1", AT, "C001", "P1", "login", 1, said), **fields)


def test_a_batch_is_one_row_and_comes_out_as_it_went_in(source):
    events = [an_event(source), an_event(source, message="m2\0", account=None, person="")]
    row = receive(source.pk, events)
    assert (row.events, row.bytes, row.worker) == (2, len(row.blob), "")
    micro = int(datetime(2026, 11, 30, tzinfo=UTC).timestamp()) * 10**6 + 123456
    assert list(inbox.rows_of(Inbox.objects.all())) == [
        (source.pk, "m1", micro, "C001", "P1", "login", 1, '{"plan":"大口"}'),
        (source.pk, "m2\0", micro, None, None, "login", 1, '{"plan":"大口"}'),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"source": 99},
        {"message": ""},
        {"count": 0},
        {"count": 2**31},
        {"ts": AT.replace(tzinfo=None)},
        {"event": "\ud800"},
        {"properties": ""},
        {"properties": "[]"},
        {"properties": '{"a":1} x'},
        {"properties": '{"a":NaN}'},
        {"properties": '{"a":"\\ud800"}'},
        {"properties": '{"a":"\ud800"}'},
    ],
)
def test_what_the_lake_could_not_hold_is_refused(source, fields):
    with pytest.raises(ValueError):
        receive(source.pk, [an_event(source), an_event(source, **fields)])
    assert not Inbox.objects.exists()


def test_a_batch_has_events(source):
    with pytest.raises(ValueError):
        receive(source.pk, [])


def test_a_blob_of_an_earlier_version_is_read_like_one_of_today():
    rows = [
        (1, "m1", 1_767_225_600_000_001, "C001", None, "ログイン", 1, '{"plan":"大口","q":"\\""}'),
        (1, "m2", -1, None, "P1", "login", 2**31 - 1, "{}"),
    ]
    earlier = zlib.compress(msgspec.msgpack.encode(rows))
    assert inbox.unpack(earlier) == inbox.unpack(inbox.pack(rows)) == rows
    assert inbox.text_of(earlier) == inbox.text_of(inbox.pack(rows))
