"""A source with keys, and a product that sends."""

import base64
import json

import pytest
from django.test import Client

from banso.events.inbox import rows_of
from banso.events.models import Inbox
from banso.events.sources import add_source
from banso.ingest.keys import make_key


class Product:
    """Sends to the endpoint as a program does: no cookie, no token of a form."""

    def __init__(self, source, secret):
        self.source, self.secret = source, secret
        self.client = Client(enforce_csrf_checks=True)

    def post(self, body, path="/v1/batch", **headers):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        words = {"Authorization": basic(self.secret)} | headers
        kind = words.pop("Content-Type", "application/json")
        return self.client.post(path, body, content_type=kind, headers=words)

    def send(self, *calls, **envelope):
        return self.post({"batch": list(calls)} | envelope)


def basic(secret):
    return "Basic " + base64.b64encode(f"{secret}:".encode()).decode()


def track(event="Report", *, user="u-1", **fields):
    return {"type": "track", "userId": user, "event": event, **fields}


def kept():
    """The rows that wait for the lake, in the order in which they came."""
    return list(rows_of(Inbox.objects.order_by("id")))


def names():
    return [row[5] for row in kept()]


@pytest.fixture
def source(workspace):
    return add_source(name="Product", by=None)


@pytest.fixture
def product(source):
    return Product(source, make_key(source=source, kind="server", by=None).secret)


@pytest.fixture
def browser(source):
    made = make_key(source=source, kind="browser", by=None, origins=["https://app.example.jp"])
    return Product(source, made.secret)
