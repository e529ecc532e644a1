"""What somebody chooses before a plan is shown to the other side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from banso.actions.actions import NextStep, add_action, show_steps
from banso.actions.models import Action
from banso.base.fields import localized
from banso.base.models import User
from banso.base.workspace import workspace
from banso.engagements.models import Engagement
from banso.goals.models import PlanVersion
from banso.goals.plans import PlanTarget
from banso.goals.share_content import (
    Choices,
    ShareContent,
    SharedStep,
    content_of,
    set_by_people,
)
from banso.goals.sharing import LIFE_DAYS, Addressee, Made, make_link
from banso.parties.access import PersonAt, people_of
from banso.parties.models import Party, Person
from banso.web.formats import language

type Typed = Mapping[str, Any] | None
DAYS = (7, LIFE_DAYS, 30, 90)
NEW_DUE = timedelta(weeks=2)
SIDES = [("ours", _("We do it")), ("theirs", _("They do it"))]
LANGUAGES = [("ja", "日本語"), ("en", "English")]


@dataclass(frozen=True)
class StepRow:
    """An open step, and the fields that say whether it is shown and whose it is."""

    step: Action
    shown: forms.BoundField
    side: forms.BoundField


class ShareForm(forms.Form):
    """To whom, for how long, and what of the plan; unbound, it offers what was chosen last."""

    person = forms.ChoiceField(label=_("For"), required=False)
    name = forms.CharField(
        label=_("Somebody else"),
        max_length=120,
        required=False,
        help_text=_("Only where the person is not in the list."),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Empty: the address we know of the person."),
    )
    language = forms.ChoiceField(label=_("Language of the page"), choices=LANGUAGES)
    days = forms.TypedChoiceField(
        label=_("The link works for"),
        coerce=int,
        choices=[(n, ngettext_lazy("%(n)s day", "%(n)s days", n) % {"n": n}) for n in DAYS],
    )
    note = forms.CharField(
        label=_("A line to them"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    targets = forms.MultipleChoiceField(
        label=_("Targets to show"), required=False, widget=forms.CheckboxSelectMultiple
    )
    show_email = forms.BooleanField(label=_("Show the owner's e-mail address"), required=False)
    code_required = forms.BooleanField(
        label=_("Ask for a code sent to the address"),
        required=False,
        help_text=_("So that a forwarded link opens nothing. Needs an e-mail address."),
    )
    by_mail = forms.BooleanField(label=_("Send the link by mail now"), required=False)
    new_title = forms.CharField(label=_("One more step"), max_length=300, required=False)
    new_side = forms.ChoiceField(label=_("Whose"), choices=SIDES, required=False)
    new_due = forms.DateField(
        label=_("Due"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": _("Write a date such as 2026-04-30.")},
    )

    def __init__(
        self, data: Typed = None, *, engagement: Engagement, by: User, today: date
    ) -> None:
        super().__init__(data)
        self.engagement, self.by, self.today = engagement, by, today
        self.offer_people()
        self.offer_targets()
        self.offer_steps()
        self.offer(
            language=workspace().language,
            days=LIFE_DAYS,
            code_required=True,
            by_mail=True,
            new_side="theirs",
            new_due=(today + NEW_DUE).isoformat(),
        )

    def offer(self, **values: object) -> None:
        self.initial.update(values)

    def offer_people(self) -> None:
        labels = [(each.uid, f"{each.name} {each.email}".strip()) for each in self.people.values()]
        choice = self.fields["person"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [*labels, ("", _("Somebody not in the list"))]
        self.offer(person=next(iter(self.people), ""))

    def offer_targets(self) -> None:
        choice = self.fields["targets"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [
            (each.key, localized(dict(each.name), language())) for each in self.plan_targets
        ]
        hidden = set(self.last.terms.get("hidden", ())) if self.last else set()
        self.initial["targets"] = [e.key for e in self.plan_targets if e.key not in hidden]

    def offer_steps(self) -> None:
        for step in self.open_steps:
            label = _("Show “%(title)s”") % {"title": step.title}
            self.fields[f"step-{step.uid}"] = forms.BooleanField(label=label, required=False)
            side = forms.ChoiceField(label=_("Whose"), choices=SIDES)
            side.widget.attrs["aria-label"] = f"{_('Whose')}: {step.title}"
            self.fields[f"side-{step.uid}"] = side
            self.offer(**{f"step-{step.uid}": step.shared, f"side-{step.uid}": step.side})

    @cached_property
    def people(self) -> dict[str, PersonAt]:
        """Their people by uid; an individual customer is one of them."""
        party = self.engagement.party
        found = people_of([party.pk], self.today).get(party.pk, [])
        if party.kind == Party.Kind.PERSON:
            own = Person.objects.filter(party=party).values_list("email", flat=True).first()
            found = [PersonAt(party.pk, party.uid, party.name, "", own or "", None, None), *found]
        return {each.uid: each for each in found}

    @cached_property
    def plan_targets(self) -> list[PlanTarget]:
        return set_by_people(self.engagement, self.today)

    @cached_property
    def last(self) -> PlanVersion | None:
        rows = PlanVersion.objects.filter(goal__engagement=self.engagement)
        return rows.order_by("-number").first()

    @cached_property
    def open_steps(self) -> list[Action]:
        steps = Action.objects.filter(engagement=self.engagement, closed_as="")
        return list(steps.select_related("owner").order_by("due_on", "id"))

    def step_rows(self) -> list[StepRow]:
        return [
            StepRow(each, self[f"step-{each.uid}"], self[f"side-{each.uid}"])
            for each in self.open_steps
        ]

    def clean_new_due(self) -> date:
        day: date = self.cleaned_data["new_due"] or self.today + NEW_DUE
        if self.data.get("new_title") and day < self.today:
            raise forms.ValidationError(_("A next step is due today or later."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        known = self.people.get(cleaned.get("person", ""))
        if known is None and not cleaned.get("name"):
            self.add_error("person", _("Say whom the link is for."))
        if known is not None:
            cleaned["email"] = cleaned.get("email") or known.email
        if not cleaned.get("email"):
            cleaned["code_required"] = cleaned["by_mail"] = False
        return cleaned

    def chosen(self, name: str) -> Any:
        """What is typed, or else what is offered."""
        if not self.is_bound:
            return self.get_initial_for_field(self.fields[name], name)
        return self.cleaned_data.get(name) if self.errors is not None else None

    def addressee(self) -> Addressee:
        """Whom the link is for, as far as it is chosen."""
        known = self.people.get(self.chosen("person") or "")
        name = known.name if known else self.chosen("name") or "–"
        return Addressee(
            name=name,
            email=self.chosen("email") or "",
            person=Party.objects.get(pk=known.person_id) if known else None,
            language=self.chosen("language") or workspace().language,
            code_required=bool(self.chosen("code_required")),
        )

    def hidden(self) -> tuple[str, ...]:
        shown = set(self.chosen("targets") or ())
        return tuple(each.key for each in self.plan_targets if each.key not in shown)

    def shown_steps(self) -> dict[int, str]:
        """The number of each step to show, and its side."""
        return {
            each.pk: self.chosen(f"side-{each.uid}") or each.side
            for each in self.open_steps
            if self.chosen(f"step-{each.uid}")
        }

    def content(self) -> ShareContent:
        """What they would see with these choices."""
        shown = self.shown_steps()
        steps = [
            SharedStep(each.title, shown[each.pk], each.due_on)
            for each in self.open_steps
            if each.pk in shown
        ]
        if (new := self.new_step()) is not None:
            steps.append(SharedStep(new.title, new.side, new.due_on))
        return content_of(
            self.engagement,
            self.today,
            Choices(
                steps=steps,
                hidden=self.hidden(),
                talk_to=self.engagement.owner or self.by,
                show_email=bool(self.chosen("show_email")),
                note=self.chosen("note") or "",
            ),
        )

    def new_step(self) -> NextStep | None:
        title = (self.chosen("new_title") or "").strip() if self.is_bound else ""
        if not title:
            return None
        due = self.cleaned_data.get("new_due") or self.today + NEW_DUE
        side = self.cleaned_data.get("new_side") or "theirs"
        return NextStep(title, self.engagement.owner or self.by, due, side=side, shared=True)

    @transaction.atomic
    def make(self, *, by: User) -> Made:
        """Mark the steps as chosen and make the link, both or neither."""
        content, shown = self.content(), self.shown_steps()
        if (new := self.new_step()) is not None:
            shown[add_action(engagement=self.engagement, by=by, step=new).pk] = new.side
        show_steps(engagement=self.engagement, by=by, shown=shown)
        return make_link(
            engagement=self.engagement,
            by=by,
            content=content,
            to=self.addressee(),
            hidden=self.hidden(),
            days=self.cleaned_data["days"],
        )
