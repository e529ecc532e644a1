"""The kinds of steps that a play may have: a registry, to which rooms add what they can do.

A kind says how one of its steps begins. What asks a person gives them an action, which counts
against their capacity and by whose closing the step ends; anything else is done once it began.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from banso.actions.actions import NextStep, added
from banso.actions.models import Action, Contact
from banso.base.fields import localized
from banso.base.models import User
from banso.base.workspace import local_today
from banso.plays.models import StepRun

type Choices = Sequence[tuple[str, str | Promise]]


@dataclass(frozen=True)
class StepKind:
    """What a step of this kind is called and does.

    `asks`: it becomes an action of the owner, and waits while there is nobody. `begin` does it,
    within the caller's transaction, and returns the action where there is one; called once for
    each step of an intervention. `things` are what a step may use, by uid; None: it uses nothing.
    `made` says of step runs, as a subquery over them, that what they ask for was done, which
    closes the action by itself; `end` keeps what follows from a step's having been done.
    """

    code: str
    label: str | Promise
    icon: str
    begin: Callable[[StepRun], Action | None]
    asks: bool = False
    things: Callable[[], Choices] | None = None
    made: Callable[[], Exists] | None = None
    end: Callable[[StepRun], None] | None = None


KINDS: dict[str, StepKind] = {}


def offer_step(kind: StepKind) -> None:
    """Add a kind; called from the room's AppConfig.ready."""
    KINDS[kind.code] = kind


def step_kinds() -> list[StepKind]:
    """Every kind in the order the rooms offered them."""
    return list(KINDS.values())


def asking() -> set[str]:
    """The kinds whose steps become actions of the owner."""
    return {each.code for each in KINDS.values() if each.asks}


def begin_action(run: StepRun) -> Action:
    """The step's words become an action of the customer's owner."""
    return given(run, lambda owner: localized(run.step.words, owner.language))


def begin_contact(run: StepRun) -> Action:
    """An action to be in touch, closed by itself once a contact is recorded."""

    def title(owner: User) -> str:
        with translation.override(owner.language):
            about = localized(run.step.words, owner.language)
            return _("Get in touch: %(about)s") % {"about": about}

    return given(run, title)


def given(run: StepRun, title: Callable[[User], str]) -> Action:
    """An action that is due when the step is to be done."""
    engagement = run.intervention.engagement
    owner = engagement.owner
    assert owner is not None, "a step that asks a person waits until there is one"
    due_on = max(run.due_on + timedelta(days=run.step.within_days), local_today())
    return added(engagement, None, NextStep(title(owner)[:300], owner, due_on), None)


def was_contacted() -> Exists:
    """There was a contact since the step began."""
    engagement, begun = OuterRef("intervention__engagement"), OuterRef("begun_at")
    return Exists(Contact.objects.filter(engagement=engagement, occurred_at__gte=begun))


def offer_own() -> None:
    """The kinds that need no other room."""
    contact = pgettext_lazy("step", "Contact")
    offer_step(StepKind("action", gettext_lazy("Action"), "list-checks", begin_action, asks=True))
    offer_step(
        StepKind("contact", contact, "message-square", begin_contact, asks=True, made=was_contacted)
    )
