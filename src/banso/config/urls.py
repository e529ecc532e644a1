"""All addresses: one list of rooms, every entry made by banso.base.routes."""

from importlib import import_module
from itertools import chain

from django.urls import URLPattern

ROOMS = (
    "base",
    "web",
    "parties",
    "engagements",
    "actions",
    "events",
    "ingest",
    "matching",
    "inbound",
    "metrics",
    "explore",
    "goals",
    "assets",
    "messages",
    "plays",
    "cases",
    "portal",
    "alerts",
    "talk",
    "inproduct",
    "desk",
)


def patterns_of(room: str) -> list[URLPattern]:
    patterns: list[URLPattern] = import_module(f"banso.{room}.urls").urlpatterns
    return patterns


urlpatterns = list(chain.from_iterable(patterns_of(room) for room in ROOMS))
