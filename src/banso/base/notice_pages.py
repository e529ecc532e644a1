"""What the pages of notifications show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.utils import timezone

from banso.base import mailing, notices
from banso.base.mailing import Digest
from banso.base.models import Notification, NotificationRule, User
from banso.base.notice_forms import KindForm, TimesForm
from banso.base.notices import MOST_UNREAD, Line
from banso.core.quiet import next_digest

PER_PAGE = 50
IN_PANEL = 8


@dataclass(frozen=True)
class Day:
    """The notifications of one local day, the latest first."""

    day: date
    lines: Sequence[Line]


@dataclass(frozen=True)
class NoticesPage:
    days: Sequence[Day]
    listed: Page[Notification]
    only_unread: bool
    unread: int
    today: date

    @property
    def many(self) -> bool:
        """More are unread than are counted."""
        return self.unread >= MOST_UNREAD

    @property
    def empty(self) -> bool:
        return not any(day.lines for day in self.days)


@dataclass(frozen=True)
class Panel:
    lines: Sequence[Line]
    unread: int


@dataclass(frozen=True)
class MutedCustomer:
    uid: str
    name: str


@dataclass(frozen=True)
class ChoicesPage:
    kinds: Sequence[KindForm]
    times: TimesForm
    muted: Sequence[MutedCustomer]
    address: str


@dataclass(frozen=True)
class PreviewPage:
    """`next_at` is None where no mail comes."""

    digest: Digest
    next_at: datetime | None
    zone: str


def notices_page(user: User, *, show: str, page: int) -> NoticesPage:
    """The unread ones, or all; the unread unless there is none or all were asked for."""
    unread = notices.unread_count(user)
    only_unread = show == "unread" or (show != "all" and unread > 0)
    rows = Notification.objects.filter(user=user).select_related("actor").order_by("-id")
    chosen = rows.filter(read_at=None) if only_unread else rows
    listed = Paginator(chosen, PER_PAGE).get_page(page)
    lines = notices.lines_of(user, list(listed.object_list))
    return NoticesPage(by_day(lines), listed, only_unread, unread, timezone.localdate())


def by_day(lines: Sequence[Line]) -> list[Day]:
    days = groupby(lines, key=lambda line: timezone.localdate(line.notification.at))
    return [Day(day, list(found)) for day, found in days]


def panel(user: User) -> Panel:
    """The latest few, for the bell."""
    rows = Notification.objects.filter(user=user).select_related("actor").order_by("-id")
    lines = notices.lines_of(user, list(rows[:IN_PANEL]))
    return Panel(lines, notices.unread_count(user))


def preview_page(user: User, now: datetime) -> PreviewPage:
    """The daily mail as it would be now, and when it comes."""
    rows = list(mailing.waiting(user, Notification.How.DIGEST))
    times = mailing.times_of(user)
    return PreviewPage(
        digest=mailing.digest_of(user, rows, Notification.How.DIGEST),
        next_at=next_digest(now, times) if mailing.wants_mail(user) else None,
        zone=times.zone,
    )


def choices_page(user: User, kinds: Sequence[KindForm], times: TimesForm) -> ChoicesPage:
    rules = NotificationRule.objects.filter(user=user, engagement_id__isnull=False)
    ids = list(rules.values_list("engagement_id", flat=True))
    readable = notices.READABLE[-1](user, [each for each in ids if each is not None])
    muted = [MutedCustomer(each.uid, each.party.name) for each in readable.values()]
    return ChoicesPage(kinds, times, sorted(muted, key=lambda each: each.name), user.email)
