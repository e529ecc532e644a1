"""One asset: what it says, whether it may be trusted, its versions, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from banso.assets.access import may_publish
from banso.assets.actions import LANGUAGES
from banso.assets.figures import (
    NOTHING,
    Coverage,
    Figures,
    VersionResult,
    coverage_of,
    figures_of,
    results_of,
)
from banso.assets.forms import AssetForm, AudienceForm, PictureForm, PublishForm, ReviewForm
from banso.assets.models import Asset, AssetVersion, Picture, Walkthrough
from banso.assets.use_forms import PartnerForm
from banso.base.fields import localized
from banso.base.models import Role, User
from banso.base.roles import MANAGERS, WRITERS
from banso.core.differences import Line, differences
from banso.core.markdown import rendered
from banso.web.formats import language

VERSIONS = 30
PLAYS = 5


@dataclass(frozen=True)
class Reading:
    """A text as it is read, in one language; `others` are those it is written in too."""

    language: str
    title: str
    html: SafeString
    others: Sequence[str]


@dataclass(frozen=True)
class Changed:
    """What differs in one language; nothing differs where `title` and `lines` are empty."""

    language: str
    title: Sequence[Line]
    lines: Sequence[Line]


@dataclass(frozen=True)
class AssetPage:
    asset: Asset
    reading: Reading
    figures: Figures
    coverage: Coverage
    versions: Sequence[AssetVersion]
    results: Sequence[VersionResult]
    today: date
    overdue: bool
    review: ReviewForm
    audience: AudienceForm
    partner: PartnerForm | None
    plays: Sequence[Walkthrough]
    may_write: bool
    may_publish: bool
    may_place: bool


@dataclass(frozen=True)
class VersionPage:
    asset: Asset
    version: AssetVersion
    reading: Reading
    since: AssetVersion | None
    changes: Sequence[Changed]
    may_write: bool


@dataclass(frozen=True)
class PublishPage:
    """What is about to be published, beside what is in force."""

    asset: Asset
    title: str
    changes: Sequence[Changed]
    form: PublishForm
    problem: str


@dataclass(frozen=True)
class EditPage:
    """The draft being written, as it will be read; `asset` is None for one not yet kept."""

    asset: Asset | None
    kind: str
    form: AssetForm
    preview: Sequence[Reading]
    pictures: Sequence[Picture]
    picture_form: PictureForm
    conflict: bool


def asset_page(
    asset: Asset, user: User, role: Role, *, today: date, asked: str, partner: PartnerForm | None
) -> AssetPage:
    """The version in force, else the draft, in the language asked for or the reader's."""
    shown = asset.current or asset
    return AssetPage(
        asset=asset,
        reading=reading(shown, addresses(asset), asked),
        figures=figures_of([asset], user).get(asset.pk, NOTHING),
        coverage=coverage_of(asset, user),
        versions=list(asset.versions.select_related("published_by").order_by("-number")[:VERSIONS]),
        results=results_of(asset, user) if asset.kind == Asset.Kind.SCRIPT else [],
        today=today,
        overdue=asset.review_by is not None and asset.review_by < today,
        review=ReviewForm(today=today),
        audience=AudienceForm(initial={"audience": asset.audience}),
        partner=partner,
        plays=role_plays(asset) if asset.kind == Asset.Kind.SCRIPT else [],
        may_write=role in WRITERS,
        may_publish=may_publish(role, asset) and asset.retired_at is None,
        may_place=role in MANAGERS and asset.kind in (Asset.Kind.GUIDE, Asset.Kind.STORY),
    )


def role_plays(asset: Asset) -> list[Walkthrough]:
    """The last few that ended."""
    rows = Walkthrough.objects.filter(version__asset=asset, partner__isnull=False)
    ended = rows.filter(ended_at__isnull=False).select_related("by", "partner")
    return list(ended.order_by("-ended_at", "-pk")[:PLAYS])


def reading(shown: Asset | AssetVersion, pictures: Mapping[str, str], asked: str = "") -> Reading:
    """The text in the language asked for, else the reader's, else the one there is."""
    there = [each for each in LANGUAGES if shown.body.get(each)]
    wanted = asked if asked in there else language()
    spoken = wanted if wanted in there else (there or [language()])[0]
    return Reading(
        spoken,
        shown.title.get(spoken) or localized(shown.title, spoken),
        mark_safe(rendered(shown.body.get(spoken, ""), pictures)),
        [each for each in there if each != spoken],
    )


def addresses(asset: Asset) -> dict[str, str]:
    """{name of a picture: its address for colleagues}."""
    names = asset.pictures.order_by("name").values_list("name", flat=True)
    return {name: reverse("asset-picture", args=[asset.uid, name]) for name in names}


def version_page(
    asset: Asset, version: AssetVersion, since: AssetVersion | None, *, role: Role, asked: str
) -> VersionPage:
    return VersionPage(
        asset=asset,
        version=version,
        reading=reading(version, addresses(asset), asked),
        since=since,
        changes=changes(since, version) if since else [],
        may_write=role in WRITERS,
    )


def publish_page(asset: Asset, form: PublishForm, problem: str = "") -> PublishPage:
    return PublishPage(
        asset, localized(asset.title, language()), changes(asset.current, asset), form, problem
    )


def changes(before: AssetVersion | None, after: Asset | AssetVersion) -> list[Changed]:
    """What differs between two, in each language in which something does, the reader's first."""
    spoken = sorted(LANGUAGES, key=lambda each: each != language())
    found = [changed(each, before, after) for each in spoken]
    return [each for each in found if each.title or each.lines]


def changed(spoken: str, before: AssetVersion | None, after: Asset | AssetVersion) -> Changed:
    title, body = (before.title, before.body) if before else ({}, {})
    return Changed(
        spoken,
        differences(title.get(spoken, ""), after.title.get(spoken, "")),
        differences(body.get(spoken, ""), after.body.get(spoken, "")),
    )


def edit_page(
    asset: Asset | None, kind: str, form: AssetForm, *, conflict: bool = False
) -> EditPage:
    """The form beside what it will be read as, in each language in which there is something."""
    pictures = list(asset.pictures.defer("content").order_by("name")) if asset else []
    known = addresses(asset) if asset else {}
    return EditPage(
        asset=asset,
        kind=kind,
        form=form,
        preview=[
            Reading(each, told["title"], mark_safe(rendered(told["body"], known)), ())
            for each, told in form.typed.items()
            if told["title"] or told["body"]
        ],
        pictures=pictures,
        picture_form=PictureForm(),
        conflict=conflict,
    )
