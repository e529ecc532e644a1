"""The line in which a contact, a next step or a pause is typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import QuerySet
from django.forms import Form

from banso.actions.models import Action, Contact
from banso.base.models import StaffGrant, User
from banso.base.roles import WRITERS
from banso.engagements.models import Engagement
from banso.parties.access import PersonAt, people_of

type Place = Literal["today", "steps", "customer"]
type Kind = Literal["contact", "step", "change", "later", "no_concern"]


@dataclass(frozen=True)
class Composer:
    """`form` is None before the first attempt; `place` is where the answer goes back to."""

    kind: Kind
    engagement: Engagement
    place: Place
    rank: int
    today: date
    user: User
    form: Form | None
    people: Sequence[PersonAt]
    staff: Sequence[User]
    last: Contact | None
    step: Action | None

    @property
    def channels(self) -> Sequence[str]:
        return Contact.Channel.values

    @property
    def slot(self) -> str:
        """The id of the element that holds this composer."""
        subject = self.step.uid if self.step is not None else self.engagement.uid
        return f"compose-{subject}"


def composer(
    kind: Kind,
    engagement: Engagement,
    *,
    user: User,
    place: Place,
    rank: int,
    today: date,
    form: Form | None = None,
    step: Action | None = None,
) -> Composer:
    return Composer(
        kind=kind,
        engagement=engagement,
        place=place,
        rank=rank,
        today=today,
        user=user,
        form=form,
        people=people_at(engagement, today) if kind == "contact" else [],
        staff=[] if kind in ("later", "no_concern") else colleagues(user),
        last=last_contact(engagement) if kind == "contact" else None,
        step=step,
    )


def people_at(engagement: Engagement, today: date) -> Sequence[PersonAt]:
    return people_of([engagement.party_id], today).get(engagement.party_id, [])


def writers() -> QuerySet[User]:
    """Who may own a next step."""
    grants = StaffGrant.objects.filter(ended_at=None, role__in=WRITERS)
    return User.objects.filter(pk__in=grants.values("user")).order_by("name", "id")


def colleagues(user: User) -> list[User]:
    """Who may own a next step, the user first."""
    return sorted(writers(), key=lambda each: each.pk != user.pk)


def last_contact(engagement: Engagement) -> Contact | None:
    return engagement.contacts.order_by("-occurred_at", "-id").select_related("by").first()
