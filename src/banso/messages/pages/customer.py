"""What was written to the people of one customer, and who of them may be written to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse

from banso.base.models import Role, User
from banso.engagements.access import may_write
from banso.engagements.models import Engagement
from banso.messages.access import messages
from banso.messages.models import Message
from banso.messages.pages.listing import in_order
from banso.messages.people import Reader, readers_at
from banso.messages.times import mail_is_set_up
from banso.web.tables import TableState

PER_PAGE = 20


@dataclass(frozen=True)
class CustomerMessages:
    engagement: Engagement
    lines: Sequence[Message]
    listed: Page[Message]
    state: TableState
    readers: Sequence[Reader]
    set_up: bool
    may_write: bool


def state_of(query: QueryDict, engagement: Engagement) -> TableState:
    path = reverse("customer-messages", args=[engagement.uid])
    return TableState.read(query, sortable=("written",), default="-written", path=path)


def customer_messages(
    engagement: Engagement, user: User, role: Role, state: TableState
) -> CustomerMessages:
    rows = messages(user).filter(engagement=engagement)
    listed = Paginator(in_order(rows), PER_PAGE).get_page(state.page)
    return CustomerMessages(
        engagement=engagement,
        lines=list(listed.object_list),
        listed=listed,
        state=state,
        readers=readers_at(engagement),
        set_up=mail_is_set_up(),
        may_write=may_write(user, role, engagement),
    )


def barred_at(engagement: Engagement) -> list[Reader]:
    """Those of theirs who want no messages, or whose address does not work."""
    readers = readers_at(engagement)
    return [each for each in readers if each.barred in ("unsubscribed", "bounced")]
