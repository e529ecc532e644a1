"""Writing to people of one customer: the template, to whom, how each gets it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.safestring import SafeString

from banso.assets.models import Asset
from banso.assets.pages.customer import Offer, offers
from banso.base.models import User
from banso.base.workspace import local_today
from banso.engagements.models import Engagement
from banso.messages.access import templates
from banso.messages.compose import html_of
from banso.messages.forms import MessageForm
from banso.messages.letters import Letter, letter_for
from banso.messages.people import Reader
from banso.messages.times import mail_is_set_up, next_allowed

MOST = 100


@dataclass(frozen=True)
class Preview:
    """How one person gets it."""

    reader: Reader
    letter: Letter
    html: SafeString


@dataclass(frozen=True)
class ComposePage:
    """`later` is when it goes out where that is not at once."""

    engagement: Engagement
    offered: Sequence[Offer]
    template: Asset | None
    readers: Sequence[Reader]
    form: MessageForm | None
    preview: Preview | None
    later: datetime | None
    set_up: bool

    @property
    def reachable(self) -> bool:
        return any(not each.barred for each in self.readers)


def compose_page(
    engagement: Engagement,
    user: User,
    *,
    template: Asset | None,
    readers: Sequence[Reader],
    form: MessageForm | None,
    shown: str = "",
) -> ComposePage:
    """`shown` names whose letter is previewed; without, the first who is chosen."""
    now = timezone.now()
    moment = next_allowed(now)
    return ComposePage(
        engagement=engagement,
        offered=offers(templates(user)[:MOST]),
        template=template,
        readers=readers,
        form=form,
        preview=preview_of(engagement, readers, form, shown) if form else None,
        later=moment if moment > now else None,
        set_up=mail_is_set_up(),
    )


def preview_of(
    engagement: Engagement, readers: Sequence[Reader], form: MessageForm, shown: str
) -> Preview | None:
    words, chosen = form.typed_words(), form.chosen()
    first = next((each for each in readers if each.at.uid in (shown or chosen)), None)
    reader = first or next(iter(readers), None)
    if reader is None or not words.languages:
        return None
    letter = letter_for(words, engagement, reader, local_today())
    return Preview(reader, letter, html_of(letter.body))
