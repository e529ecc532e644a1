"""A template as one recipient would get it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString, mark_safe

from banso.assets.actions import LANGUAGES
from banso.assets.models import Asset
from banso.assets.pages.asset import addresses
from banso.assets.recipients import recipients, values_for
from banso.base.fields import localized
from banso.base.models import User
from banso.core.markdown import rendered
from banso.core.placeholders import as_markdown, filled, missing
from banso.engagements.models import Engagement
from banso.parties.access import PersonAt, people_of
from banso.parties.models import Party
from banso.web.formats import language


@dataclass(frozen=True)
class Letter:
    """The text in one language, filled in; `missing` are the fields nothing is known for."""

    language: str
    title: str
    html: SafeString
    plain: str
    missing: Sequence[str]


@dataclass(frozen=True)
class TemplatePage:
    asset: Asset
    title: str
    q: str
    offered: Sequence[Engagement]
    engagement: Engagement | None
    people: Sequence[PersonAt]
    person: PersonAt | None
    letters: Sequence[Letter]


def template_page(
    asset: Asset,
    user: User,
    *,
    q: str,
    engagement: Engagement | None,
    asked: str,
    today: date,
) -> TemplatePage:
    """`asked` names the person it is for; without, the first of theirs."""
    people = people_at(engagement, today) if engagement else []
    chosen = next((each for each in people if each.uid == asked), people[0] if people else None)
    return TemplatePage(
        asset=asset,
        title=localized((asset.current or asset).title, language()),
        q=q,
        offered=list(recipients(user, q)),
        engagement=engagement,
        people=people,
        person=chosen,
        letters=letters(asset, engagement, chosen, today) if engagement else [],
    )


def people_at(engagement: Engagement, today: date) -> Sequence[PersonAt]:
    return people_of([engagement.party_id], today).get(engagement.party_id, [])


def letters(
    asset: Asset, engagement: Engagement, chosen: PersonAt | None, today: date
) -> list[Letter]:
    """In each language it is written in, the reader's first."""
    person = Party.objects.filter(pk=chosen.person_id).first() if chosen else None
    spoken = sorted(LANGUAGES, key=lambda each: each != language())
    body = (asset.current or asset).body
    return [letter(asset, each, engagement, person, today) for each in spoken if body.get(each)]


def letter(
    asset: Asset, spoken: str, engagement: Engagement, person: Party | None, today: date
) -> Letter:
    text = asset.current or asset
    title, body = text.title[spoken], text.body[spoken]
    values = values_for(engagement, person, today=today, language=spoken)
    html = rendered(filled(body, as_markdown(values)), addresses(asset))
    return Letter(
        spoken,
        filled(title, values),
        mark_safe(html),
        filled(body, values),
        missing(f"{title}\n{body}", values),
    )
