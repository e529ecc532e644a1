"""What was shared with the other side, and what they answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from banso.engagements.models import Engagement
from banso.goals.models import Agreement, PlanVersion, Reply, ShareLink
from banso.goals.pages.now import PlanNow
from banso.goals.sharing import is_open

LINKS, REPLIES = 10, 10


@dataclass(frozen=True)
class LinkLine:
    """A link as those who made it see it; its secret is nowhere."""

    link: ShareLink
    open: bool
    agreed: bool


@dataclass(frozen=True)
class VersionLine:
    """A version and who agreed to it."""

    version: PlanVersion
    agreements: Sequence[Agreement]


@dataclass(frozen=True)
class Sharing:
    """`asks_again`: what was agreed is no longer the plan, and nothing newer is with them."""

    links: Sequence[LinkLine]
    replies: Sequence[Reply]
    versions: Sequence[VersionLine]
    agreed_number: int | None
    next_number: int
    asks_again: bool


def sharing_of(engagement: Engagement, now: PlanNow) -> Sharing:
    """The latest links and answers, and every version, the newest first."""
    versions = list(
        PlanVersion.objects.filter(goal__engagement=engagement)
        .select_related("made_by")
        .defer("content", "terms")
        .order_by("-number")
    )
    agreed = Agreement.objects.filter(state=Agreement.State.AGREED).order_by("on", "id")
    prefetch_related_objects(versions, Prefetch("agreements", agreed, to_attr="signed"))
    number = now.agreed.version.number if now.agreed and now.agreed.version else None
    return Sharing(
        links=links_of(engagement),
        replies=replies_of(engagement),
        versions=[VersionLine(each, each.signed) for each in versions],  # type: ignore[attr-defined]
        agreed_number=number,
        next_number=versions[0].number + 1 if versions else 1,
        asks_again=now.agreed is not None and now.changed,
    )


def links_of(engagement: Engagement) -> list[LinkLine]:
    rows = ShareLink.objects.filter(version__goal__engagement=engagement)
    links = list(rows.select_related("version").order_by("-made_at", "-id")[:LINKS])
    yes = Reply.objects.filter(link__in=links, agreed=True).values_list("link_id", flat=True)
    agreed, at = set(yes), timezone.now()
    return [LinkLine(each, is_open(each, at), each.pk in agreed) for each in links]


def replies_of(engagement: Engagement) -> list[Reply]:
    rows = Reply.objects.filter(goal__engagement=engagement, agreed=False)
    return list(rows.select_related("version", "action").order_by("-at", "-id")[:REPLIES])
