"""Metrics over customers, contacts, contracts and a small lake."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from banso.actions.models import Contact
from banso.core.metrics import Definition
from banso.engagements.models import Engagement
from banso.metrics.actions import define_metric
from banso.metrics.models import Metric
from banso.metrics.sheet import MetricSheet
from tests.engagements.making import make_customer
from tests.metrics.lakes import Usage

TODAY = date(2026, 11, 21)


@pytest.fixture
def usage(monkeypatch, tmp_path) -> Usage:
    return Usage(monkeypatch, tmp_path / "usage")


@pytest.fixture
def customer(workspace) -> Engagement:
    return make_customer()


@pytest.fixture
def make_metric(workspace):
    def make(key: str, definition: Definition, **fields: object) -> Metric:
        wording = {"name": {"en": key, "ja": key}, "sentence": {}, "unit": "times"}
        rest = {"higher_is_better": True, "definition": definition}
        sheet = MetricSheet(**(wording | rest | fields))
        return define_metric(sheet=sheet, by=None, key=key)

    return make


@pytest.fixture
def spoke(workspace):
    def speak(engagement: Engagement, day: str) -> Contact:
        at = datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=ZoneInfo("Asia/Tokyo"))
        return Contact.objects.create(engagement=engagement, occurred_at=at, summary="近況")

    return speak
