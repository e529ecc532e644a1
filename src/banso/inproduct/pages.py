"""The placements: the list with what came of each, one of them, the one being written; and a
product that shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from banso.assets.actions import written_in
from banso.assets.pages.asset import addresses
from banso.base.fields import localized
from banso.base.models import Role, User
from banso.base.roles import ADMINS, MANAGERS
from banso.base.workspace import local_today, workspace
from banso.core.conditions import Condition, fields_of, load
from banso.core.markdown import rendered
from banso.events.models import Source
from banso.ingest.access import sources
from banso.ingest.models import WriteKey
from banso.ingest.pages import PLACEHOLDER
from banso.inproduct import access
from banso.inproduct.actions import EVERYBODY, is_shown
from banso.inproduct.forms import PagesForm, PlacementForm
from banso.inproduct.models import Appearance, Placement, SigningKey
from banso.inproduct.signing import MOST_OPEN
from banso.metrics.condition_form import ConditionForm, Group, TooDeep
from banso.metrics.fields import Field, fields
from banso.web.formats import language

MOST = 500
"""So many placements are listed; more are never kept at hand."""


@dataclass(frozen=True)
class Figures:
    """To how many people it came up, and what they did; the others left it as it was."""

    shown: int = 0
    closed: int = 0
    done: int = 0


@dataclass(frozen=True)
class PlacementLine:
    """`asks`: not everybody is meant; `broken`: it asks for a field that is gone; `hidden`: its
    asset is not for the other side any more; `over`: its last day has passed."""

    placement: Placement
    title: str
    groups: Sequence[Group]
    figures: Figures
    asks: bool
    broken: bool
    hidden: bool
    over: bool


@dataclass(frozen=True)
class PlacementsPage:
    active: Sequence[PlacementLine]
    drafted: Sequence[PlacementLine]
    retired: Sequence[PlacementLine]
    products: Sequence[Source]
    demo: bool
    may_write: bool


@dataclass(frozen=True)
class Preview:
    """How it comes up in a language."""

    language: str
    title: str
    html: SafeString


@dataclass(frozen=True)
class PlacementPage:
    line: PlacementLine
    previews: Sequence[Preview]
    ready: bool
    may_write: bool


@dataclass(frozen=True)
class WritingPage:
    placement: Placement | None
    form: PlacementForm
    conditions: ConditionForm


@dataclass(frozen=True)
class ProductPage:
    """A product that shows guides; `secret` is a new key, shown once."""

    source: Source
    form: PagesForm
    entered: bool
    keys: Sequence[SigningKey]
    browser_key: str
    snippet: str
    secret: str
    may_make: bool
    may_admin: bool


def placements_page(user: User, role: Role) -> PlacementsPage:
    rows = list(access.placements(user).select_related("source", "asset")[:MOST])
    known = condition_groups(rows)
    figures = figures_of(access.appearances(user).filter(placement__in=rows))
    today = local_today()
    lines = [line_of(each, known, figures, today) for each in rows]
    return PlacementsPage(
        active=[each for each in lines if each.placement.state == "active"],
        drafted=[each for each in lines if each.placement.state == "drafted"],
        retired=[each for each in lines if each.placement.state == "retired"],
        products=list(sources(user).select_related("embedding")),
        demo=workspace().synthetic,
        may_write=role in MANAGERS,
    )


def line_of(
    placement: Placement,
    known: Mapping[int, tuple[Sequence[Group], bool]],
    figures: Mapping[int, Figures],
    today: date,
) -> PlacementLine:
    groups, broken = known[placement.pk]
    return PlacementLine(
        placement=placement,
        title=localized(placement.asset.title, language()),
        groups=groups,
        figures=figures.get(placement.pk, Figures()),
        asks=load(placement.condition) != EVERYBODY,
        broken=broken,
        hidden=not is_shown(placement.asset),
        over=placement.until_on is not None and placement.until_on < today,
    )


def condition_groups(rows: Sequence[Placement]) -> dict[int, tuple[Sequence[Group], bool]]:
    """By placement: whom it is for in words, and whether a field of it is gone."""
    known = fields()
    keys = {each.key for each in known}
    asked = {each.pk: load(each.condition) for each in rows}
    return {pk: (told(each, known), bool(fields_of(each) - keys)) for pk, each in asked.items()}


def told(condition: Condition, known: Sequence[Field]) -> Sequence[Group]:
    """The condition as rows to read; none for one that the form cannot show."""
    try:
        groups = ConditionForm(fields=known, condition=condition).groups
    except TooDeep:
        return ()
    return [group for group in groups if any(row.field for row in group.rows)]


def figures_of(rows: QuerySet[Appearance]) -> dict[int, Figures]:
    """By placement, in one statement."""
    counted = (
        rows.order_by()
        .values("placement")
        .annotate(
            shown=Count("pk"),
            closed=Count("pk", filter=Q(ended_as=Appearance.End.CLOSED)),
            done=Count("pk", filter=Q(ended_as=Appearance.End.DONE)),
        )
    )
    told = counted.values_list("placement", "shown", "closed", "done")
    return {placement: Figures(*counts) for placement, *counts in told}


def placement_page(placement: Placement, user: User, role: Role) -> PlacementPage:
    figures = figures_of(access.appearances(user).filter(placement=placement))
    line = line_of(placement, condition_groups([placement]), figures, local_today())
    return PlacementPage(
        line=line,
        previews=previews(placement),
        ready=is_ready(placement.source),
        may_write=role in MANAGERS,
    )


def previews(placement: Placement) -> list[Preview]:
    """In each language it is written in, the reader's first."""
    version = placement.asset.current
    if version is None:
        return []
    pictures = addresses(placement.asset)
    spoken = sorted(written_in(version), key=lambda each: each != language())
    return [
        Preview(each, version.title[each], mark_safe(rendered(version.body[each], pictures)))
        for each in spoken
    ]


def is_ready(source: Source) -> bool:
    """Whether a page of the product may ask."""
    embedding = getattr(source, "embedding", None)
    return bool(embedding and embedding.origins)


def product_page(source: Source, role: Role, form: PagesForm, secret: str = "") -> ProductPage:
    keys = list(SigningKey.objects.filter(source=source).order_by("-id"))
    open_now = sum(each.revoked_at is None for each in keys)
    return ProductPage(
        source=source,
        form=form,
        entered=is_ready(source),
        keys=keys,
        browser_key=(found := browser_key(source)),
        snippet=snippet(found or PLACEHOLDER),
        secret=secret,
        may_make=role in ADMINS and open_now < MOST_OPEN,
        may_admin=role in ADMINS,
    )


def browser_key(source: Source) -> str:
    """The newest open one, which is public; "" where there is none."""
    rows = WriteKey.objects.filter(source=source, kind=WriteKey.Kind.BROWSER, revoked_at=None)
    return rows.order_by("-id").values_list("shown", flat=True).first() or ""


def snippet(key: str) -> str:
    address = f"{settings.SITE_URL}{static('inproduct/guide.js')}"
    return (
        f'<script src="{address}" data-key="{key}" data-identity="{{{{ token }}}}" async></script>'
    )
