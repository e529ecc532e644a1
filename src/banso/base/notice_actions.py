"""What a user decides about notifications: read, mute, how each kind reaches them."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from banso.base.models import MailTimes, Notification, NotificationRule, User
from banso.base.notices import unread


def mark_read(*, user: User, uid: str) -> bool:
    """One of the user's notifications is read; False where there is none of that name."""
    mine = Notification.objects.filter(user=user, uid=uid)
    mine.filter(read_at=None).update(read_at=timezone.now())
    return mine.exists()


def mark_all_read(*, user: User) -> int:
    """All are read; returns how many were not."""
    return unread(user).update(read_at=timezone.now())


@transaction.atomic
def mute_customer(*, user: User, engagement_id: int) -> None:
    """Nothing more of this customer, and what is unread of it is read."""
    NotificationRule.objects.get_or_create(user=user, engagement_id=engagement_id)
    unread(user).filter(engagement_id=engagement_id).update(read_at=timezone.now())


@transaction.atomic
def mute_kind(*, user: User, verb: str) -> None:
    """Nothing more of this kind, and what is unread of it is read."""
    choose(user=user, verb=verb, how=NotificationRule.How.OFF)
    unread(user).filter(verb=verb).update(read_at=timezone.now())


def unmute_customer(*, user: User, engagement_id: int) -> None:
    NotificationRule.objects.filter(user=user, engagement_id=engagement_id).delete()


def choose(*, user: User, verb: str, how: str) -> None:
    """From now on the user is told of the verb in this way; what was told stays as it was."""
    NotificationRule.objects.update_or_create(
        user=user, verb=verb, engagement_id=None, defaults={"how": how}
    )


def set_times(*, user: User, times: Mapping[str, Any]) -> None:
    """When the user is mailed: fields of MailTimes."""
    MailTimes.objects.update_or_create(user=user, defaults=dict(times))


def stop_mail(*, user: User) -> None:
    """No mail any more; the notifications stay in the product."""
    MailTimes.objects.update_or_create(user=user, defaults={"on": False})
