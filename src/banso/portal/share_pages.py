"""What those who share see: the choices beside their sheet, the link, a version."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from banso.engagements.models import Engagement
from banso.goals.models import Agreement, PlanVersion, ShareLink
from banso.goals.share_content import ShareContent, load
from banso.goals.sharing import Made
from banso.goals.versions import Difference, differences
from banso.portal.pages import sheet
from banso.portal.share_form import ShareForm


@dataclass(frozen=True)
class Sheet:
    """Exactly what the other side reads, drawn in its language."""

    language: str
    html: SafeString


@dataclass(frozen=True)
class Preparing:
    """The choices beside what they would see; `number` is the version it would be."""

    engagement: Engagement
    form: ShareForm
    sheet: Sheet
    number: int


@dataclass(frozen=True)
class MadePage:
    """A link just made; its address is shown here and nowhere else."""

    engagement: Engagement
    link: ShareLink
    number: int
    address: str
    mailed: bool


@dataclass(frozen=True)
class VersionPage:
    """One version as they saw it, who agreed to it, and what differs from the one before or the
    one asked for."""

    engagement: Engagement
    number: int
    made_at: datetime
    made_by: str
    sheet: Sheet
    agreements: Sequence[Agreement]
    others: Sequence[int]
    since: int | None
    differences: Sequence[Difference]


def drawn(
    content: ShareContent, *, number: int, to: str, language: str, signed: Agreement | None = None
) -> Sheet:
    """The sheet in a language; `signed` says on it who agreed."""
    with translation.override(language):
        page = sheet(content, number=number, to=to)
        if signed is not None:
            name, on = signed.person_name, signed.on
            page = replace(page, mood="agreed", agreed_by=name, agreed_on=on)
        html = render_to_string("portal/sheet.html", {"page": page})
    return Sheet(language, mark_safe(html))


def preparing(form: ShareForm) -> Preparing:
    content, to = form.content(), form.addressee()
    number = form.last.number + 1 if form.last else 1
    seen = drawn(content, number=number, to=to.name, language=to.language)
    return Preparing(form.engagement, form, seen, number)


def made_page(engagement: Engagement, made: Made, address: str, *, mailed: bool) -> MadePage:
    return MadePage(engagement, made.link, made.link.version.number, address, mailed)


def version_page(
    engagement: Engagement, version: PlanVersion, *, since: PlanVersion | None, language: str
) -> VersionPage:
    others = PlanVersion.objects.filter(goal=version.goal_id).exclude(pk=version.pk)
    signed = list(version.agreements.filter(state=Agreement.State.AGREED).order_by("on", "id"))
    content = load(version.content)
    return VersionPage(
        engagement=engagement,
        number=version.number,
        made_at=version.made_at,
        made_by=version.made_by.name if version.made_by else "",
        sheet=drawn(
            content,
            number=version.number,
            to="",
            language=language,
            signed=signed[0] if signed else None,
        ),
        agreements=signed,
        others=list(others.order_by("number").values_list("number", flat=True)),
        since=since.number if since else None,
        differences=differences(since, version) if since else [],
    )
