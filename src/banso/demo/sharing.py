"""Two plans of the demo that their customers saw: one agreed, one "not quite" as they put it."""

from datetime import date, timedelta

from banso.actions.actions import NextStep, add_action
from banso.base.models import User
from banso.demo.names import Language
from banso.engagements.models import Engagement
from banso.goals.answering import answering_step
from banso.goals.models import Goal, ShareLink
from banso.goals.share_content import Choices, SharedStep, content_of
from banso.goals.sharing import Addressee, make_link, note_opening, say_not_quite, say_yes
from banso.parties.access import PersonAt, people_of
from banso.parties.models import Party

STEPS: dict[Language, tuple[str, str]] = {
    "ja": ("利用状況の振り返り会を開く", "新しくお使いになる方の一覧を送っていただく"),
    "en": ("Hold the usage review", "Send us the list of new colleagues"),
}
NOTE: dict[Language, str] = {
    "ja": "先日はお時間をいただきありがとうございました。伺ったことを1枚にまとめました。",
    "en": "Thank you for your time the other day. This is what we understood, on one page.",
}
SAID: dict[Language, str] = {
    "ja": "方向は合っています。ただ、現場が使えるようになることを先に置きたいです。"
    "数字はその次です。",
    "en": "The direction is right. But our people being able to use it comes first, the numbers"
    " after that.",
}


def share_plans(language: Language, user: User, today: date) -> None:
    """With the two customers most at stake who said what they want, those of `user` first."""
    stated = Goal.objects.filter(engagement__standing__current=True).exclude(words="")
    rows = stated.select_related("engagement__owner", "engagement__party")
    by_stake = list(rows.order_by("-engagement__standing__stake")[:200])
    by_stake.sort(key=lambda each: each.engagement.owner_id != user.pk if each.engagement else True)
    links = (link for goal in by_stake if (link := shared(goal, language, today)) is not None)
    for agrees, link in zip((True, False), links, strict=False):
        note_opening(link=link)
        if agrees:
            say_yes(link=link, name=link.name)
        else:
            step = answering_step(link, link.name)
            say_not_quite(link=link, name=link.name, words=SAID[language], step=step)


def shared(goal: Goal, language: Language, today: date) -> ShareLink | None:
    """A link for one of their people, with a step of each side; None where nobody is known."""
    engagement = goal.engagement
    if engagement is None or engagement.owner is None:
        return None
    reader = addressee(engagement, today)
    if reader is None:
        return None
    steps = [
        NextStep(title, engagement.owner, today + timedelta(days=days), side, shared=True)
        for title, side, days in zip(STEPS[language], ("ours", "theirs"), (9, 5), strict=True)
    ]
    for step in steps:
        add_action(engagement=engagement, by=engagement.owner, step=step)
    shown = [SharedStep(each.title, each.side, each.due_on) for each in steps]
    return make_link(
        engagement=engagement,
        by=engagement.owner,
        content=content_of(engagement, today, Choices(steps=shown, note=NOTE[language])),
        to=Addressee(
            name=reader.name,
            email=reader.email,
            person=Party.objects.get(pk=reader.person_id),
            language=language,
            code_required=bool(reader.email),
        ),
    ).link


def addressee(engagement: Engagement, today: date) -> PersonAt | None:
    people = people_of([engagement.party_id], today).get(engagement.party_id, [])
    return next(iter(people), None)
