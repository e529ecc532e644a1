"""One message: what it says, what became of it, what one may do."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from banso.base.models import Role, User
from banso.engagements.access import may_write
from banso.messages.compose import html_of
from banso.messages.models import Bounce, Message
from banso.messages.times import mail_is_set_up

State = Message.State


@dataclass(frozen=True)
class MessagePage:
    message: Message
    html: SafeString
    bounces: Sequence[Bounce]
    set_up: bool
    may_drop: bool
    may_retry: bool
    may_settle: bool


def message_page(row: Message, user: User, role: Role) -> MessagePage:
    own = may_write(user, role, row.engagement)
    return MessagePage(
        message=row,
        html=html_of(row.body),
        bounces=list(row.bounces.order_by("-at", "-id")),
        set_up=mail_is_set_up(),
        may_drop=own and row.state in (State.WAITING, State.HELD, State.FAILED),
        may_retry=own and row.state in (State.HELD, State.FAILED),
        may_settle=own and row.state == State.UNCERTAIN,
    )
