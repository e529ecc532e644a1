"""Received events told in a line each, and what the lake holds of them."""

from datetime import datetime

from django.db import transaction
from msgspec.structs import replace

from banso.engine.connect import connect, parquet
from banso.events import lake, manifest
from banso.events.inbox import ReceivedEvent, receive
from banso.events.models import LakePart


def told(source, message, at, **fields):
    """An event at an ISO time with its zone."""
    plain = ReceivedEvent(
        source, message, datetime.fromisoformat(at), "C001", "P1", "login", 1, "{}"
    )
    return replace(plain, **fields)


def send(source, *events):
    with transaction.atomic():
        return receive(source.pk, events)


def held(columns="source, message, day", where="true"):
    """The rows of the lake, sorted."""
    files = manifest.paths(LakePart.objects.all())
    if not files:
        return []
    with connect(*files) as connection:
        query = f"select {columns} from {parquet(files)} where {where} order by all"
        return connection.execute(query).fetchall()


def on_disk():
    return set(lake.folder().glob("parts/*/*.parquet"))
