"""What is posted to the workspace's own address: signed, until it was taken, never inside."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from banso.base import outgoing
from banso.base.models import Role
from banso.messages import webhooks
from banso.messages.models import Posting, Webhook
from banso.messages.webhooks import ATTEMPTS, LEASE, due_postings, post_again, post_due, put
from tests.base.test_outgoing import LOCAL
from tests.messages.making import at


@pytest.fixture
def admin(staff):
    return staff(Role.ADMIN)


@pytest.fixture
def receiver(monkeypatch):
    """Answers as told, and keeps what it was sent."""

    class Receiver:
        status, got = 200, []

        def post(self, address, body, *, headers):
            self.got.append((address, body, headers))
            if isinstance(self.status, str):
                raise outgoing.Refused(self.status)
            return outgoing.Answer(self.status)

    found = Receiver()
    found.got = []
    monkeypatch.setattr(webhooks.outgoing, "post", found.post)
    return found


@pytest.fixture
def posting(customer):
    return put(engagement=customer, once="step 1", payload={"customer": customer.uid})


def test_it_is_signed_and_named_the_same_each_time(posting, receiver, admin):
    secret = webhooks.set_webhook(address="https://hook.example.com/a", by=admin)
    receiver.status = 503
    assert post_due.call() == 0
    Posting.objects.update(next_at=timezone.now())
    receiver.status = 204
    assert post_due.call() == 1
    assert post_due.call() == 0
    assert len(receiver.got) == 2
    for address, body, headers in receiver.got:
        assert address == "https://hook.example.com/a"
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{mac}"
        assert json.loads(body)["id"] == headers["webhook-id"] == posting.uid
    posting.refresh_from_db()
    assert (posting.state, posting.answer, posting.attempts) == ("taken", "http 204", 2)


def test_it_backs_off_gives_up_and_is_tried_again_by_hand(posting, receiver, admin):
    webhooks.set_webhook(address="https://hook.example.com/a", by=admin)
    receiver.status, moment, waits = "unreachable", timezone.now(), []
    while Posting.objects.get().state == "waiting":
        with at(moment.isoformat()):
            post_due.call()
        row = Posting.objects.get()
        if row.next_at:
            waits.append(row.next_at - moment)
            moment = row.next_at
    assert len(receiver.got) == ATTEMPTS and waits == sorted(waits) and len(set(waits)) > 5
    assert (row.state, row.answer) == ("failed", "unreachable")
    receiver.status = 200
    assert post_again(posting=row, by=admin) and not post_again(posting=row, by=admin)
    assert post_due.call() == 1


def test_who_dies_while_posting_is_followed_by_another_after_the_lease(posting, receiver, admin):
    webhooks.set_webhook(address="https://hook.example.com/a", by=admin)
    assert webhooks.lease(posting.pk) is not None
    assert webhooks.lease(posting.pk) is None
    assert post_due.call() == 0
    with at((timezone.now() + LEASE + timedelta(seconds=1)).isoformat()):
        assert post_due.call() == 1


def test_without_an_address_it_waits(posting, receiver, admin):
    assert not due_postings() and post_due.call() == 0
    webhooks.set_webhook(address="https://hook.example.com/a", by=admin)
    assert due_postings() and post_due.call() == 1


def test_put_twice_it_is_there_once(posting, customer):
    assert put(engagement=customer, once="step 1", payload={}).pk == posting.pk


def test_our_own_network_is_refused(posting, admin, settings):
    settings.OUTGOING_NETWORKS = []
    webhooks.set_webhook(address="https://127.0.0.1:9/", by=admin)
    assert post_due.call() == 0
    posting.refresh_from_db()
    assert (posting.state, posting.answer) == ("waiting", "private_address")
    for address in ("http://hook.example.com/", "https://u:p@hook.example.com/", "ftp://x/"):
        with pytest.raises(outgoing.Refused, match="bad_address"):
            webhooks.set_webhook(address=address, by=admin)


def test_posting_reaches_a_server_and_follows_nobody(settings):
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    got = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(302)
            self.send_header("Location", "https://elsewhere.example/")
            self.end_headers()

        def log_message(self, *_):
            pass

    settings.OUTGOING_NETWORKS = LOCAL
    with HTTPServer(("127.0.0.1", 0), Handler) as web:
        thread = Thread(target=web.handle_request)
        thread.start()
        answer = outgoing.post(f"http://127.0.0.1:{web.server_port}/", b"{}", headers={})
        thread.join()
    assert (answer.status, got) == (302, [b"{}"])


def test_the_page_sets_it_and_shows_the_secret_once(admin, posting, sign_in):
    client, url = sign_in(admin), reverse("webhook")
    assert client.post(url, {"address": "http://plain.example"}).status_code == 422
    page = client.post(url, {"address": "https://hook.example.com/secret-path"})
    assert "whsec_" in page.text and "hook.example.com" in page.text
    page = client.get(url).text
    assert "whsec_" not in page and "secret-path" not in page
    assert "secret-path" not in str(Webhook.objects.values())
    Posting.objects.update(state="failed", next_at=None)
    client.post(url, {"again": posting.uid})
    assert Posting.objects.get().state == "waiting"
    client.post(url, {"drop": "1"})
    assert not Webhook.objects.exists()
