"""What can be asked of an engagement, as far as this room and those below it know: who they are,
their contracts, the daily loop, and the latest value of every metric."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from banso.actions.models import Action
from banso.actions.streams import open_steps
from banso.base.fields import localized
from banso.base.models import StaffGrant, Team, User
from banso.core import contracts as terms
from banso.core.conditions import Scalar, Value
from banso.core.contracts import ContractTerm
from banso.engagements.models import Contract, Engagement
from banso.engagements.values import contracts_of
from banso.metrics import values
from banso.metrics.comparing import any_row, column, how_many
from banso.metrics.entered import FEW
from banso.metrics.fields import At, Choices, Field, offer_field, offer_fields
from banso.metrics.models import LatestValue, Metric
from banso.parties.models import Organization
from banso.web.formats import language

WHO, CONTRACT, LOOP, METRICS = _("Who they are"), _("Contract"), _("Daily loop"), _("Metrics")
TOUCHES = [("high", _("High touch")), ("low", _("Low touch")), ("tech", _("Tech touch"))]
SUGGESTED = 200
KEPT_SECONDS = 600
METRIC = "metric:"
type Reader = Callable[[Collection[At]], Mapping[At, Value]]


def offer_all() -> None:
    """Add this room's fields to the registry."""
    for field in (*who(), *contract(), *loop()):
        offer_field(field)
    offer_fields(of_metrics)


def who() -> Iterator[Field]:
    yield said("name", _("Customer name"), "party__name")
    label = suggestions(Engagement, "segment")
    yield said("label", _("Segment in your list"), "segment", label)
    yield chosen("touch", _("Touch"), "touch", lambda: TOUCHES)
    yield chosen("owner", _("Owner"), "owner__uid", owner_choices, kind="person")
    yield Field(
        "team",
        _("Team of the owner"),
        "choice",
        WHO,
        team_choices,
        any_row(grants, "team__uid", key="user", link="owner"),
        team_at,
    )
    industry, region = suggestions(Organization, "industry"), suggestions(Organization, "region")
    yield said("industry", _("Industry"), "party__organization__industry", industry)
    yield said("region", _("Region"), "party__organization__region", region)
    yield Field(
        "started", _("Customer since"), "date", WHO, q=column("started_on"), at=reads("started_on")
    )


def contract() -> Iterator[Field]:
    def of(key: str, label: Any, kind: Any, path: str, choices: Any = None) -> Field:
        rows = any_row(live_contracts, path, text=kind == "text")
        return Field(key, label, kind, CONTRACT, choices, rows, of_contracts(path))

    plans = suggestions(Contract, "plan")
    yield of("plan", _("Contract plan"), "text", "plan", plans)
    yield of("seats", _("Contracted seats"), "number", "seats")
    yield of("contract_start", _("Contract start"), "date", "start_on")
    yield of("contract_end", _("Contract end"), "date", "end_on")
    yield of("notice", _("Notice deadline"), "date", "notice_on")


def loop() -> Iterator[Field]:
    yield Field(
        "open_actions",
        _("Number of open actions"),
        "number",
        LOOP,
        q=how_many(
            lambda day: (
                Action.objects.filter(closed_as="").values("engagement").annotate(n=Count("pk"))
            )
        ),
        at=open_at,
    )


def of_metrics() -> Iterable[Field]:
    """The latest value of every metric in use."""
    rows = Metric.objects.filter(retired_at=None).order_by("id")
    return [of_metric(metric) for metric in rows]


def of_metric(metric: Metric) -> Field:
    def latest(day: date) -> QuerySet[LatestValue]:
        return LatestValue.objects.filter(metric=metric)

    def at(pairs: Collection[At]) -> Mapping[At, Value]:
        found = values.at(pairs, [metric.key])
        return {pair: each[metric.key] for pair, each in found.items()}

    kind: Any = "share" if metric.unit == "percent" else "number"
    label = localized(metric.name, language()) or metric.key
    q = any_row(latest, "value")
    return Field(f"{METRIC}{metric.key}", label, kind, METRICS, q=q, at=at)


def said(key: str, label: Any, path: str, choices: Callable[[], Choices] | None = None) -> Field:
    return Field(key, label, "text", WHO, choices, column(path, text=True), reads(path))


def chosen(
    key: str, label: Any, path: str, choices: Callable[[], Choices], kind: Any = "choice"
) -> Field:
    return Field(key, label, kind, WHO, choices, column(path), reads(path))


def reads(path: str) -> Reader:
    """A column as it is now, which serves every day."""

    def at(pairs: Collection[At]) -> Mapping[At, Value]:
        ids = {each for each, _ in pairs}
        rows = among(Engagement.objects.all(), "pk", ids).values_list("pk", path)
        known = dict(rows)
        return {pair: known.get(pair[0]) for pair in pairs}

    return at


def of_contracts(name: str) -> Reader:
    """What the contracts that carried an engagement on a day say."""

    def at(pairs: Collection[At]) -> Mapping[At, Value]:
        ids = {each for each, _ in pairs}
        found = contracts_of(ids)
        rows = among(Contract.objects.all(), "engagement", ids)
        told: dict[int, Scalar | None] = dict(rows.values_list("pk", name))
        return {pair: several(terms.live(found[pair[0]], pair[1]), told) for pair in pairs}

    return at


def several(live: Iterable[ContractTerm], told: Mapping[int, Scalar | None]) -> frozenset[Scalar]:
    return frozenset(value for each in live if (value := told[each.id]) not in ("", None))


def live_contracts(day: date) -> QuerySet[Contract]:
    """The contracts that carry their engagements on `day`, as core.contracts.live has it."""
    started = Contract.objects.filter(start_on__lte=day)
    later = started.filter(engagement=OuterRef("engagement"), end_on__gt=OuterRef("end_on"))
    lost = Q(outcome="churned", outcome_known_on__lte=day)
    return started.filter(Q(end_on__gt=day) | (~Exists(later) & ~lost))


def grants(day: date) -> QuerySet[StaffGrant]:
    return StaffGrant.objects.filter(ended_at=None, team__isnull=False)


def team_at(pairs: Collection[At]) -> Mapping[At, Value]:
    teams = dict(grants(date.min).values_list("user", "team__uid"))
    ids = {each for each, _ in pairs}
    owners = dict(among(Engagement.objects.all(), "pk", ids).values_list("pk", "owner"))
    return {pair: teams.get(owners.get(pair[0]) or 0) for pair in pairs}


def open_at(pairs: Collection[At]) -> Mapping[At, Value]:
    found: dict[At, int] = {}
    for day in {pair[1] for pair in pairs}:
        for each in open_steps(day).order_by().values_list("engagement_id", flat=True):
            found[each, day] = found.get((each, day), 0) + 1
    return {pair: found.get(pair, 0) for pair in pairs}


def among(rows: QuerySet[Any], path: str, ids: Collection[int]) -> QuerySet[Any]:
    """The rows of few engagements; of many, all: a long list is slower than reading them."""
    return rows.filter(**{f"{path}__in": list(ids)}) if len(ids) <= FEW else rows


def owner_choices() -> Choices:
    rows = User.objects.filter(grants__ended_at=None, grants__isnull=False).distinct()
    return list(rows.order_by("name", "pk").values_list("uid", "name"))


def team_choices() -> Choices:
    return list(Team.objects.order_by("name").values_list("uid", "name"))


def suggestions(model: Any, name: str) -> Callable[[], Choices]:
    """What a text was among those we know, kept for ten minutes: it grows with the customers."""

    def known() -> Choices:
        last = model.objects.order_by("-pk").values_list("pk", flat=True).first()
        key = f"suggestions:{model.__name__}:{name}:{last}"
        found: list[str] | None = cache.get(key)
        if found is None:
            rows = model.objects.exclude(**{name: ""}).order_by(name).distinct()
            found = list(rows.values_list(name, flat=True)[:SUGGESTED])
            cache.set(key, found, KEPT_SECONDS)
        return [(each, each) for each in found]

    return known
