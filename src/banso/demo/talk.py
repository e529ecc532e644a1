"""What colleagues said to each other in the demo: comments, a mention, a morning's reminders."""

from datetime import date

from banso.actions.actions import NextStep, add_action
from banso.base.models import Role, User
from banso.demo.names import Language
from banso.desk.reminders import remind
from banso.engagements.models import Engagement
from banso.goals.models import Standing
from banso.talk.actions import comment

SAID: dict[Language, tuple[str, ...]] = {
    "ja": (
        "先月から使う方が減っています。利用部署の異動があったか、次の電話で確認します。",
        "@{name} 値上げの件で部長から問い合わせがありました。更新の前に一度話せますか。",
        "承知しました。木曜の定例のあとに時間を取ります。",
        "@{name} 導入事例の資料です。似た使い方の会社でした。\nhttps://example.com/stories/12",
    ),
    "en": (
        "Fewer people use it since last month. I will ask on the next call whether a team moved.",
        "@{name} their head of department asked about the new price. Can we talk before the"
        " renewal meeting?",
        "Will do. Thursday, after the weekly.",
        "@{name} a story of a company that works like they do.\nhttps://example.com/stories/12",
    ),
}
TITLE: dict[Language, str] = {
    "ja": "更新前に価格の説明資料を確認する",
    "en": "Check the price sheet before the renewal",
}


def talk(language: Language, user: User, today: date) -> None:
    """A step from their manager, the morning's reminders, and a short exchange on two customers
    of `user`; what mentions them is unread."""
    boss = colleague(user, Role.MANAGER) or colleague(user, Role.ADMIN)
    mate = colleague(user, Role.SUCCESS) or boss
    first, second = book(user)
    if boss is None or mate is None or first is None or second is None:
        return
    saying, asking, answering, showing = (text.format(name=user.name) for text in SAID[language])
    add_action(engagement=first, by=boss, step=NextStep(TITLE[language], user, today))
    remind(today)
    comment(engagement=first, by=user, text=saying)
    comment(engagement=first, by=boss, text=asking)
    comment(engagement=first, by=user, text=answering)
    comment(engagement=second, by=mate, text=showing)


def colleague(user: User, role: str) -> User | None:
    found = User.objects.filter(grants__role=role, grants__ended_at=None).exclude(pk=user.pk)
    return found.order_by("pk").first()


def book(user: User) -> tuple[Engagement | None, Engagement | None]:
    """The two customers of the user that are most at stake."""
    rows = Standing.objects.filter(engagement__owner=user, current=True, stake__gt=0)
    first = [each.engagement for each in rows.order_by("-stake").select_related("engagement")[:2]]
    return first[0] if first else None, first[1] if len(first) > 1 else None
