"""A word or a number nobody else has in every text and number of every table of the house.

Walks the models' own metadata, so fields that come later are filled without being told of.
"""

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from model_bakery import baker

type Where = tuple[str, str, int]
FIRST_NUMBER = 41_000_001
FIRST_SMALL = 20_001

FUNCTIONAL = {
    # what must stay what it is for a page to be drawn at all; none of it is anybody's secret word
    "base.Workspace": {"timezone", "currency", "words", "working_days"},
    "metrics.MetricVersion": {"definition", "number"},
    "metrics.LatestValue": {"version"},
    "metrics.Segment": {"condition"},
    "goals.PlanVersion": {"content"},
    "goals.ShareLink": {"digest"},
    "goals.ShareCode": {"digest", "attempts"},
    "base.MailTimes": {"weekdays", "timezone"},
}
DAY, NEXT = date(2026, 1, 5), date(2026, 1, 6)
NOW = datetime(2026, 1, 5, tzinfo=UTC)
WITHIN_CONSTRAINTS = {
    # what a made-up row needs so that the database takes it
    "alerts.Alert": {"levels": 1},
    "alerts.AlertLevel": {"level": 1},
    "base.NotificationRule": {"verb": "owner.assigned", "engagement_id": None},
    "base.Notification": {"mail": None},
    "events.ExternalId": {"kind": "account", "party": None, "contract": None, "contact": None},
    "assets.Walkthrough": {"partner": None, "outcome": "", "ended_at": None, "contact": None},
    "banso_messages.Message": {"state": "waiting", "next_at": NOW},
    "banso_messages.Posting": {"state": "waiting", "next_at": NOW},
    "banso_messages.Webhook": {"id": 1},
    "cases.CaseCopy": {"play": None},
    "cases.Outcome": {"kind": None, "action": None},
    "cases.Retrospective": {"intervention": None, "contract": None},
    "plays.Barrier": {"stage": None, "in_stage": None},
    "plays.PlayRun": {"decision": "", "decided_at": None, "began_on": DAY, "first_step_by": NEXT},
    "plays.Trial": {"decision": "", "decided_at": None, "began_on": DAY, "decide_on": NEXT},
    "talk.Comment": {"text": "…", "action": None, "contact": None, "goal": None},
}
NUMBERS = (models.IntegerField, models.FloatField, models.DecimalField)
TEXTS = (models.CharField, models.TextField)


def house() -> list[type[models.Model]]:
    found = [each for each in apps.get_models() if each.__module__.startswith("banso.")]
    return sorted(found, key=lambda each: each._meta.label)


def populate(known: dict[type[models.Model], models.Model]) -> list[str]:
    """At least one row of every model, about the things in `known`; returns whose was refused."""
    refused = house()
    for _ in range(2):  # what rests on another model's row may come after it
        refused = [each for each in refused if not each.objects.exists() and not made(each, known)]
    return [each._meta.label for each in refused]


def made(model: type[models.Model], known: dict[type[models.Model], models.Model]) -> bool:
    relations = {
        each.name: known.get(each.related_model) or each.related_model.objects.first()
        for each in model._meta.concrete_fields
        if each.is_relation
    }
    relations = {name: row for name, row in relations.items() if row is not None}
    relations |= WITHIN_CONSTRAINTS.get(model._meta.label, {})
    for optional in (True, False):
        try:
            with transaction.atomic():
                baker.make(model, _fill_optional=optional, **relations)
        except (DatabaseError, ValidationError, ValueError, TypeError, NotImplementedError):
            continue
        return True
    return False


@dataclass
class Canaries:
    """Where each was put: (model, field, row) by the word or number."""

    words: dict[str, Where] = field(default_factory=dict)
    numbers: dict[str, Where] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def fill(self) -> None:
        for model in house():
            for row in model.objects.all():
                for each in model._meta.concrete_fields:
                    if each.name not in FUNCTIONAL.get(model._meta.label, ()):
                        self.put(model, row, each)

    def put(self, model: Any, row: Any, each: Any) -> None:
        where = (model._meta.label, each.name, row.pk)
        value = self.canary(each, getattr(row, each.attname), where)
        if value is None:
            return
        try:
            with transaction.atomic():
                model.objects.filter(pk=row.pk).update(**{each.name: value})
        except DatabaseError:
            self.skipped.append(f"{model._meta.label}.{each.name}")

    def canary(self, each: Any, now: Any, where: Where) -> Any:
        """None where the field cannot hold one: relations, keys, days, codes of a few letters."""
        if each.is_relation or each.primary_key or isinstance(each, models.GeneratedField):
            return None
        if each.choices:
            return None
        if isinstance(each, models.JSONField):
            return self.json(each.name, now, where)
        if isinstance(each, NUMBERS):
            number = self.number(where, small=isinstance(each, models.SmallIntegerField))
            return Decimal(number) if isinstance(each, models.DecimalField) else number
        if isinstance(each, TEXTS) and (each.max_length or 99) >= 14:
            return self.word(where, mail=isinstance(each, models.EmailField))
        return None

    def json(self, name: str, now: Any, where: Where) -> Any:
        if name in ("name", "sentence"):
            return {"ja": self.word(where), "en": self.word(where)}
        if name == "proposal":
            counts = {"n_renewed": self.number(where), "n_lost": self.number(where)}
            return {**counts, "separation": 0.5}
        return {**now, "canary": self.word(where)} if isinstance(now, dict) else None

    def word(self, where: Where, *, mail: bool = False) -> str:
        word = f"cnry{len(self.words) + 1:07d}"
        self.words[word] = where
        return f"{word}@c.example" if mail else word

    def number(self, where: Where, *, small: bool = False) -> int:
        count = len(self.numbers)  # apart, for the next version's number is one more
        number = FIRST_SMALL + 7 * count if small else FIRST_NUMBER + 1009 * count
        self.numbers[str(number)] = where
        return number

    def found(self, *texts: str) -> set[Where]:
        """Where those come from that stand in the texts, as words or as numbers in any writing."""
        text = html.unescape(" ".join(texts))
        words = {self.words[each] for each in re.findall(r"cnry\d{7}", text) if each in self.words}
        runs = re.findall(r"\d+", re.sub(r"(?<=\d),(?=\d{3})", "", text))
        return words | {self.numbers[each] for each in runs if each in self.numbers}
