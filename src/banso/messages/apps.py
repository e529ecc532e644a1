from collections.abc import Collection
from typing import Any

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    name = "banso.messages"
    label = "banso_messages"  # the framework has an app of the plain name

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.base.notices import wording
        from banso.inbound.reading import THEIRS
        from banso.messages.bounces import take_report

        THEIRS.append(take_report)
        offer(NavItem(_("Messages"), "messages", "mail", 56))
        told = {
            "bounced": (_("A message that came back"), "mail-x"),
            "failed": (_("A message that could not be sent"), "mail-x"),
            "uncertain": (_("A message that may not have gone out"), "mail-question-mark"),
        }
        for code, (label, icon) in told.items():
            wording(
                f"message.{code}",
                f"messages/notices/{code}.html",
                label=label,
                icon=icon,
                link=lambda told, _engagement: message_address(told.subject_id),
                subjects=messages_by,
            )


def messages_by(ids: Collection[int]) -> dict[int, Any]:
    from banso.messages.models import Message

    return Message.objects.in_bulk(list(ids))


def message_address(number: int | None) -> str:
    from banso.messages.models import Message

    found = Message.objects.filter(pk=number or 0).first()
    return reverse("message", args=[found.uid]) if found else reverse("messages")
