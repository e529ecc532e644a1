"""What colleagues are reminded of in the morning: steps that are due, deciding days that near.

Each is told once to the one concerned, however often the round runs.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction

from banso.actions.models import Action
from banso.base.models import StaffGrant, User
from banso.base.notices import notify
from banso.engagements.access import readable
from banso.goals.access import standings
from banso.goals.models import Standing

LOOK_BACK = timedelta(days=7)
AHEAD = (30, 7)  # days before a deciding day
MISSED = 3  # nights without a round that are made up for
DECIDING = ("notice", "renewal")


def remind(today: date) -> None:
    """Tell everybody in post what is due today, what became overdue, and which notice or renewal
    is 30 or 7 days away among the customers they own."""
    in_post = StaffGrant.objects.filter(ended_at=None, user__is_active=True)
    for user in User.objects.filter(pk__in=in_post.values("user")).order_by("pk"):
        with transaction.atomic():
            remind_of_steps(user, today)
            remind_of_deadlines(user, today)


def remind_of_steps(user: User, today: date) -> None:
    for step in due_steps(user, today):
        verb = "action.due" if step.due_on == today else "action.overdue"
        notify(
            verb,
            [user.pk],
            actor=None,
            engagement_id=step.engagement_id,
            subject_id=step.pk,
            detail={"on": step.due_on.isoformat()},
            once=f"{verb} {step.pk} {step.due_on}",
        )


def due_steps(user: User, today: date) -> list[Action]:
    """The user's open steps due today or in the week before, of customers they may read."""
    mine = Action.objects.filter(owner=user, closed_as="")
    due = mine.filter(due_on__gte=today - LOOK_BACK, due_on__lte=today)
    return list(due.filter(readable(user)).order_by("due_on", "pk"))


def remind_of_deadlines(user: User, today: date) -> None:
    for row, ahead in near_deadlines(user, today):
        notify(
            "deadline.near",
            [user.pk],
            actor=None,
            engagement_id=row.pk,
            detail={"on": f"{row.next_on}", "kind": row.next_kind, "days": ahead},
            once=f"deadline {row.pk} {row.next_kind} {row.next_on} {ahead}",
        )


def near_deadlines(user: User, today: date) -> Iterator[tuple[Standing, int]]:
    """The user's own customers whose deciding day came within 30 or 7 days since the last few
    nights, with which of the two."""
    mine = standings(user).filter(owner=user, current=True, next_kind__in=DECIDING)
    for ahead in AHEAD:
        last = today + timedelta(days=ahead)
        near = mine.filter(next_on__lte=last, next_on__gt=last - timedelta(days=MISSED))
        for row in near.order_by("next_on", "pk"):
            yield row, ahead
