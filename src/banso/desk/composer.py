"""The line in which a contact, a next step or a pause is typed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.db.models import QuerySet
from django.forms import Form
from django.http import QueryDict
from django.urls import reverse

from banso.actions.models import Action, Contact
from banso.base.models import StaffGrant, User
from banso.base.roles import WRITERS
from banso.engagements.access import readers
from banso.engagements.models import Engagement
from banso.parties.access import PersonAt, people_of

type Place = Literal["today", "steps", "customer"]
type Kind = Literal["contact", "step", "change", "later", "no_concern"]
FIELDS = (
    *("channel", "occurred_on", "summary", "title", "due", "due_on", "owner", "every"),
    *("reason", "until"),
)
ROUTES: Mapping[Kind, str] = {
    "contact": "contact",
    "step": "action",
    "change": "action-change",
    "later": "set-aside",
    "no_concern": "set-aside",
}


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
    def every(self) -> Sequence[str]:
        return Action.Every.values

    @property
    def slot(self) -> str:
        """The id of the element that holds this composer."""
        return f"compose-{self.subject}"

    @property
    def subject(self) -> str:
        return self.step.uid if self.step is not None else self.engagement.uid

    @property
    def action(self) -> str:
        """The address that takes what is typed."""
        return reverse(ROUTES[self.kind], args=[self.subject])

    @property
    def target(self) -> str:
        """The region that the answer replaces."""
        regions = {"today": f"#row-{self.engagement.uid}", "steps": f"#step-{self.subject}"}
        return regions.get(self.place, "#customer")

    @property
    def tomorrow(self) -> date:
        return self.today + timedelta(days=1)

    @property
    def typed(self) -> Mapping[str, str]:
        """What stands in the fields: what was typed, else what most people want."""
        if self.form is not None:
            return {name: self.form.data.get(name, "") for name in FIELDS}
        return dict.fromkeys(FIELDS, "") | self.defaults

    @property
    def defaults(self) -> dict[str, str]:
        if self.step is not None:
            return {
                "due": "date",
                "due_on": self.step.due_on.isoformat(),
                "owner": self.step.owner.uid,
                "every": self.step.every,
            }
        return {
            "channel": Contact.Channel.CALL,
            "occurred_on": self.today.isoformat(),
            "due": "week",
            "owner": self.user.uid,
        }

    @property
    def named(self) -> Collection[str]:
        """The people ticked."""
        data = self.form.data if self.form is not None else None
        return data.getlist("people") if isinstance(data, QueryDict) else []


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
    people: Sequence[PersonAt] | None = None,
) -> Composer:
    """`people` are those at the customer, where they are known already."""
    if people is None:
        people = people_at(engagement, today) if kind == "contact" else []
    return Composer(
        kind=kind,
        engagement=engagement,
        place=place,
        rank=rank,
        today=today,
        user=user,
        form=form,
        people=people,
        staff=[] if kind in ("later", "no_concern") else colleagues(user, engagement),
        last=last_contact(engagement) if kind == "contact" else None,
        step=step,
    )


def people_at(engagement: Engagement, today: date) -> Sequence[PersonAt]:
    return people_of([engagement.party_id], today).get(engagement.party_id, [])


def writers(engagement: Engagement | None = None) -> QuerySet[User]:
    """Who may own a next step; of a restricted engagement, those of them who may read it."""
    grants = StaffGrant.objects.filter(ended_at=None, role__in=WRITERS)
    staff = User.objects.filter(pk__in=grants.values("user")).order_by("name", "id")
    if engagement is None or not engagement.restricted:
        return staff
    return staff.filter(pk__in=readers(engagement).values("pk"))


def colleagues(user: User, engagement: Engagement) -> list[User]:
    """Who may own a next step of the engagement, the user first."""
    return sorted(writers(engagement), key=lambda each: each.pk != user.pk)


def last_contact(engagement: Engagement) -> Contact | None:
    return engagement.contacts.order_by("-occurred_at", "-id").select_related("by").first()
