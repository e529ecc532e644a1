"""Who is mailed now: looked at by the worker every half minute, sent by jobs."""

from datetime import date, datetime

from django.db.models import Count, Max, Q
from django.tasks import task
from django.utils import timezone

from banso.base.jobs import enqueue_once
from banso.base.mailing import claim, deliver, times_of
from banso.base.models import Mail, Notification, User
from banso.core.quiet import digest_due, digest_moment, is_quiet


@task
def mail_digest(*, user: str, day: str) -> bool:
    """The daily mail of a user's local day; False when there was nothing to say."""
    receiver = User.objects.get(uid=user)
    mail = claim(receiver, Mail.Kind.DIGEST, timezone.now(), date.fromisoformat(day))
    return deliver(mail) if mail else False


@task
def mail_at_once(*, user: str, until: int) -> bool:
    """What a user wants to know at once, in one mail; `until` only names the job."""
    mail = claim(User.objects.get(uid=user), Mail.Kind.AT_ONCE, timezone.now())
    return deliver(mail) if mail else False


@task
def mail_again(*, mail: str) -> bool:
    """A mail that did not go out."""
    return deliver(Mail.objects.select_related("user").get(uid=mail))


def due_mails(now: datetime | None = None) -> int:
    """Enqueue the mails that are due; returns how many. A digest carries what was told before
    its moment; what came later waits for the next working day."""
    now = now or timezone.now()
    found = sum(due_to(user, now) for user in with_something_waiting())
    return found + sum(again(mail) for mail in Mail.objects.filter(next_at__lte=now))


def with_something_waiting() -> list[User]:
    rows = Notification.objects.filter(mail=None, read_at=None).exclude(how="product")
    in_post = Q(grants__ended_at=None, grants__isnull=False)
    return list(User.objects.filter(in_post, pk__in=rows.values("user")).distinct())


def due_to(user: User, now: datetime) -> int:
    """How many mails to the user are due now and were not enqueued before."""
    times = times_of(user)
    rows = Notification.objects.filter(user=user, mail=None, read_at=None)
    urgent = Q(how=Notification.How.AT_ONCE)
    day = digest_due(now, times)
    early = Q(how=Notification.How.DIGEST, at__lt=digest_moment(day, times)) if day else Q(pk=None)
    found = rows.aggregate(last=Max("id", filter=urgent), early=Count("id", filter=early))
    count = 0
    if found["last"] and not is_quiet(now, times):
        last = found["last"]
        key = f"at-once {user.uid} {last}"
        count += enqueue_once(mail_at_once, key=key, user=user.uid, until=last)
    if found["early"] and day is not None:
        key = f"digest {user.uid} {day}"
        count += enqueue_once(mail_digest, key=key, user=user.uid, day=day.isoformat())
    return count


def again(mail: Mail) -> bool:
    return enqueue_once(mail_again, key=f"mail {mail.uid} {mail.next_at}", mail=mail.uid)
