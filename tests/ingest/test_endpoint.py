"""What event SDKs send and expect: paths, encodings, keys, answers."""

import base64
import gzip
import json
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from banso.events.models import Inbox
from banso.ingest.keys import make_key, revoke, rotate
from banso.ingest.models import Receipt, WriteKey
from banso.ingest.wire import BODY_CAP, MOST_CALLS, READ_CAP
from banso.ingest.wording import REFUSED
from tests.ingest.conftest import basic, kept, names, track

TAKEN = b'{"success": true}'


def refusal(answer):
    told = json.loads(answer.content)
    assert (told["success"], bool(told["message"])) == (False, True)
    assert answer.headers["Content-Type"] == "application/json"
    assert "Location" not in answer.headers and not answer.cookies
    return answer.status_code, told["code"]


def test_an_accepted_batch_is_one_row_and_answered_with_exactly_that(product):
    answer = product.send(track(messageId="m1"), track("Login", messageId="m2"))
    assert (answer.status_code, answer.content) == (200, TAKEN)
    assert Inbox.objects.count() == 1
    assert [(row[0], row[1], row[4], row[5]) for row in kept()] == [
        (product.source.pk, "m1", "u-1", "Report"),
        (product.source.pk, "m2", "u-1", "Login"),
    ]
    assert not answer.cookies and answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("path", ["track", "t"])
def test_a_call_by_itself_has_its_kind_in_the_address(product, path, slash):
    answer = product.post({"userId": "u-1", "event": "Login"}, f"/v1/{path}{slash}")
    assert (answer.status_code, names()) == (200, ["Login"])


@pytest.mark.parametrize("path", ["batch", "b"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_a_batch_has_two_addresses(product, path, slash):
    assert product.post({"batch": [track()]}, f"/v1/{path}{slash}").status_code == 200


@pytest.mark.parametrize("kind", ["page", "screen"])
def test_a_page_or_screen_is_an_event_with_its_name(product, kind):
    said = {"userId": "u-1", "name": "Guide", "category": "docs", "properties": {"url": "/a"}}
    for path in (kind, kind[0]):
        assert product.post(said, f"/v1/{path}").status_code == 200
    assert [row[5] for row in kept()] == [kind, kind]
    assert json.loads(kept()[0][7]) == {"name": "Guide", "category": "docs", "url": "/a"}


@pytest.mark.parametrize("path", ["identify", "i", "group", "g", "alias", "a"])
def test_who_is_who_is_no_event(product, path):
    said = {"userId": "u-1", "groupId": "acct-1", "previousId": "anon-9"}
    assert product.post(said, f"/v1/{path}").status_code == 200
    assert not Inbox.objects.exists()


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "application/x-www-form-urlencoded", "nonsense"]
)
def test_the_content_type_is_not_looked_at(product, kind):
    body = gzip.compress(json.dumps({"batch": [track()]}).encode())
    assert product.post(body, **{"Content-Type": kind}).status_code == 200
    assert names() == ["Report"]


def test_the_key_may_stand_in_the_body(product):
    client = Client()
    said = {"batch": [track()], "writeKey": product.secret}
    answer = client.post("/v1/batch", json.dumps(said), content_type="text/plain")
    assert (answer.status_code, names()) == (200, ["Report"])


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": basic("srv_guess")},
        {"Authorization": basic("")},
        {"Authorization": "Basic !!!"},
        {"Authorization": "Basic " + base64.b64encode(b"\xff\xfe").decode()},
        {"Authorization": "Bearer x"},
        {},
    ],
)
def test_without_a_key_nothing_is_taken(product, headers):
    answer = Client().post(
        "/v1/batch", json.dumps({"batch": [track()]}), content_type="text/plain", headers=headers
    )
    assert refusal(answer) == (401, "unknown_key")
    assert not Inbox.objects.exists()


def test_a_revoked_key_is_refused_and_its_successor_goes_on(product):
    old = WriteKey.objects.get()
    made = rotate(key=old, by=None)
    assert product.send(track()).status_code == 200
    revoke(key=old, by=None)
    assert refusal(product.send(track())) == (401, "revoked_key")
    product.secret = made.secret
    assert product.send(track()).status_code == 200
    assert Receipt.objects.filter(key=old, code="revoked_key").count() == 1


def test_a_browsers_key_serves_its_own_pages(browser):
    own, foreign = "https://app.example.jp", "https://evil.example"
    assert browser.post({"batch": [track()]}, Origin=own).status_code == 200
    answer = browser.post({"batch": [track()]}, Origin=foreign)
    assert refusal(answer) == (401, "foreign_origin")
    WriteKey.objects.update(origins=[])
    assert browser.post({"batch": [track()]}, Origin=foreign).status_code == 200


def test_a_servers_key_in_a_browser_is_refused(product):
    answer = product.post({"batch": [track()]}, Origin="https://app.example.jp")
    assert refusal(answer) == (401, "server_key_in_browser")


def test_a_browser_says_nothing_of_accounts(browser):
    answer = browser.send(track(), {"type": "group", "userId": "u-1", "groupId": "acct-1"})
    assert (answer.status_code, names()) == (200, ["Report"])
    alone = browser.post({"userId": "u-1", "groupId": "acct-1"}, "/v1/group")
    assert refusal(alone) == (400, "public_key")


def test_the_preflight_of_a_browser_is_answered(db):
    headers = {"Origin": "https://app.example.jp", "Access-Control-Request-Method": "POST"}
    for path in ("/v1/batch", "/v1/t/", "/v1/projects/x/settings"):
        answer = Client().options(path, headers=headers)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_a_browser_learns_that_its_events_come_here(browser, product):
    answer = Client().get(f"/v1/projects/{browser.secret}/settings")
    told = json.loads(answer.content)["integrations"]["Segment.io"]
    assert told == {"apiKey": browser.secret, "apiHost": "testserver/v1", "protocol": "http"}
    for secret in (product.secret, "web_guess"):
        assert refusal(Client().get(f"/v1/projects/{secret}/settings"))[0] == 404


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "trace"])
def test_events_are_posted(product, method):
    assert getattr(product.client, method)("/v1/batch").status_code == 405


def test_nothing_else_answers_there(db):
    assert refusal(Client().get("/v1/nothing")) == (404, "no_such_address")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "not_json")),
        (b"{", (400, "not_json")),
        (b"[]", (400, "not_json")),
        (b"\xff\xfe{\x00}\x00", (400, "not_json")),
        (b"[" * 100_000, (400, "not_json")),
        (b'{"batch":' + b"[" * 100_000, (400, "too_deep")),
        (b"{}", (400, "no_batch")),
        (b'{"batch": null}', (400, "no_batch")),
        (b'{"batch": {}}', (400, "not_json")),
        (b"\x1f\x8bnot gzip", (400, "bad_gzip")),
        (gzip.compress(b'{"batch": []}' + b" " * 1000)[:-9], (400, "bad_gzip")),
        (gzip.compress(b" " * (BODY_CAP + 1)), (413, "too_large")),
        (gzip.compress(b"0" * 300_000_000, 1)[:READ_CAP], (413, "too_large")),
        (b" " * (BODY_CAP + 1), (413, "too_large")),
        (b" " * (READ_CAP + 1), (413, "too_large")),
        (b'{"batch": [' + b"0," * MOST_CALLS + b"0]}", (413, "too_many")),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_what_is_no_request_is_refused_for_good(product, body, expected):
    assert refusal(product.post(body)) == expected
    assert not Inbox.objects.exists()
    assert Receipt.objects.get().code == expected[1]


def test_an_empty_batch_is_fine_and_leaves_nothing(product):
    assert product.send().content == TAKEN
    assert not Inbox.objects.exists() and not Receipt.objects.exists()


def test_a_mark_of_byte_order_does_no_harm(product):
    assert (
        product.post(b"\xef\xbb\xbf" + json.dumps({"batch": [track()]}).encode()).status_code == 200
    )


def test_a_key_that_is_too_fast_is_told_when_to_come_again(product):
    many = [track(messageId=f"m{i}") for i in range(2500)]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert product.send(*many).status_code == 200
        assert product.send(*many).status_code == 200
        answer = product.send(track())
        assert refusal(answer) == (429, "too_fast")
        assert answer.headers["Retry-After"] == "3"
        clock.shift(timedelta(seconds=3))
        assert product.send(track()).status_code == 200
    assert sum(row.events for row in Inbox.objects.all()) == 5001


def test_refusals_of_a_hurry_are_written_down_once_a_second(product):
    WriteKey.objects.update(busy_until=timezone.now() + timedelta(minutes=1))
    with time_machine.travel(timezone.now(), tick=False):
        assert {product.send(track()).status_code for _ in range(5)} == {429}
    assert Receipt.objects.filter(code="too_fast").count() == 1


def test_another_key_is_not_held_up(product, source):
    WriteKey.objects.update(busy_until=timezone.now() + timedelta(minutes=1))
    product.secret = make_key(source=source, kind="server", by=None).secret
    assert product.send(track()).status_code == 200


def test_what_cannot_be_written_now_is_asked_for_again(product):
    with mock.patch("banso.ingest.keeping.write", side_effect=OperationalError("disk is full")):
        answer = product.send(track())
    assert refusal(answer) == (503, "busy")
    assert answer.headers["Retry-After"].isdigit()
    assert not Inbox.objects.exists() and not Receipt.objects.exists()


def test_every_refusal_has_words():
    import re
    from pathlib import Path

    import banso.ingest

    folder = Path(banso.ingest.__file__).parent
    text = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    codes = set(re.findall(r'(?:Refused\(\d+, |Bad\()"(\w+)"', text))
    codes |= {"bad_field", "not_an_event", "needs_person", "not_settled"}
    assert codes == set(REFUSED)
