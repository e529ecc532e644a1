"""What people type into a success plan, and the kind words when it cannot be taken."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from banso.base.fields import localized
from banso.goals.actions import MOST_TARGETS, Refused, TargetDraft
from banso.goals.models import Agreement, Statement
from banso.goals.plans import PlanTarget
from banso.goals.proposals import ProposedTarget
from banso.metrics.models import Metric
from banso.parties.models import Party
from banso.web.formats import language

PREFIX = "targets"
FIRST_ROWS = 3
type Typed = Mapping[str, Any] | None
NO_DAY = {"invalid": _("Write a date such as 2026-04-30.")}
NO_NUMBER = {"invalid": _("Write a number.")}
WORDS = {
    "too_many_targets": _("Five targets are the most; choose the five that matter."),
    "same_metric_twice": _("This metric already has a target above."),
    "retired_metric": _("This metric is no longer in use."),
    "not_a_number": _("Write a number."),
    "target_is_floor": _("Target and floor are the same: then nothing can be between."),
    "target_is_start": _("Target and start are the same: it is already reached."),
    "wrong_direction": _("The floor lies beyond the target; for this metric turn them round."),
    "weight_out_of_range": _("A weight is from 1 to 10."),
    "nobody_agreed": _("Say who agreed."),
    "nothing_to_agree": _("Write down the purpose or a target first."),
    "circular": _(
        "This segment asks where customers stand (gap, health, stake): its standard would decide "
        "about its own members. Take those conditions out first."
    ),
    "future_day": _("An agreement lies in the past or is of today."),
}
FIELD_OF = {
    "same_metric_twice": "metric",
    "retired_metric": "metric",
    "weight_out_of_range": "weight",
}


class MetricField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Metrics by their name in the reader's language."""

    def label_from_instance(self, obj: Metric) -> str:
        return localized(obj.name, language()) or obj.key


class PurposeForm(forms.Form):
    """Their own words, what ideal means, and who said it when."""

    words = forms.CharField(
        label=_("What they want to achieve, in their own words"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    ideal = forms.CharField(
        label=_("What ideal looks like"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    said_by = forms.ModelChoiceField(
        Party.objects.none(),
        label=_("Said by"),
        required=False,
        to_field_name="uid",
        empty_label="–",
    )
    said_on = forms.DateField(
        label=_("Said on"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages=NO_DAY,
    )

    def __init__(
        self,
        data: Typed = None,
        *,
        statement: Statement | None,
        people: QuerySet[Party],
        today: date,
    ) -> None:
        initial = {"said_on": today.isoformat()}
        if statement is not None:
            initial = {
                "words": statement.words,
                "ideal": statement.ideal,
                "said_by": statement.said_by.uid if statement.said_by else "",
                "said_on": statement.on.isoformat(),
            }
        super().__init__(data, initial=initial, prefix="purpose")
        self.today = today
        said_by = self.fields["said_by"]
        assert isinstance(said_by, forms.ModelChoiceField)
        said_by.queryset = people

    def clean_said_on(self) -> date:
        day: date = self.cleaned_data["said_on"] or self.today
        if day > self.today:
            raise forms.ValidationError(_("What was said lies in the past or is of today."))
        return day


class TargetForm(forms.Form):
    """One row; without a metric it is empty. Per cent are typed as per cent and kept as shares."""

    metric = MetricField(
        Metric.objects.filter(retired_at=None).order_by("id"),
        label=_("Metric"),
        required=False,
        to_field_name="uid",
        empty_label=_("(no target)"),
    )
    start = forms.FloatField(label=_("Start"), required=False, error_messages=NO_NUMBER)
    floor = forms.FloatField(label=_("Floor"), required=False, error_messages=NO_NUMBER)
    target = forms.FloatField(label=_("Target"), required=False, error_messages=NO_NUMBER)
    weight = forms.IntegerField(label=_("Weight"), required=False, error_messages=NO_NUMBER)
    due_on = forms.DateField(
        label=_("Due"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages=NO_DAY,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("metric"):
            for name in ("floor", "target"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Write a number."))
        return cleaned

    def draft(self, kept: Mapping[str, PlanTarget]) -> TargetDraft:
        """The row as a target; what it rests on stays while its numbers do."""
        cells = self.cleaned_data
        metric: Metric = cells["metric"]
        scale = scale_of(metric.unit)
        before = kept.get(metric.key)
        floor = exact(cells["floor"], before.floor if before else None, scale)
        target = exact(cells["target"], before.target if before else None, scale)
        same = before is not None and (before.floor, before.target) == (floor, target)
        return TargetDraft(
            metric=metric,
            start=None if cells["start"] is None else cells["start"] / scale,
            floor=floor,
            target=target,
            weight=1 if cells["weight"] is None else cells["weight"],
            due_on=cells["due_on"],
            basis=before.basis if before and same else None,
        )


class TargetRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """Up to five targets. `whose` names the customer or segment for the row's own request: a
    metric just chosen brings its values."""

    whose: Mapping[str, str] = {}

    def add_fields(self, form: TargetForm, index: int | None) -> None:
        super().add_fields(form, index)
        query = urlencode({"index": index or 0, **self.whose})
        form.fields["metric"].widget.attrs |= {
            "hx-get": f"{reverse('target-row')}?{query}",
            "hx-target": "closest tr",
            "hx-swap": "outerHTML",
        }
        for name, field in form.fields.items():
            field.widget.attrs["aria-label"] = f"{field.label} {1 + (index or 0)}"
            if name in ("start", "floor", "target"):
                field.widget.attrs |= {"step": "any", "inputmode": "decimal"}

    def drafts(self, kept: Sequence[PlanTarget]) -> list[TargetDraft]:
        known = {each.key: each for each in kept}
        return [form.draft(known) for form in self.filled()]

    def filled(self) -> list[TargetForm]:
        return [form for form in self.forms if form.cleaned_data.get("metric")]

    def refuse(self, refusal: Refused) -> None:
        """Show the action's refusal where it belongs."""
        for problem in refusal.problems:
            word = WORDS[problem.code]
            if problem.index is None:
                self.non_form_errors().append(word)
            else:
                form = self.filled()[problem.index]
                form.add_error(FIELD_OF.get(problem.code, "target"), word)


def target_rows(
    targets: Sequence[PlanTarget],
    data: Typed = None,
    *,
    whose: Mapping[str, str],
    more: Sequence[Mapping[str, object]] = (),
) -> TargetRows:
    """The rows of a plan's targets and an empty one: at least three rows, at most five; `whose`
    is {"customer": uid} or a slot's words; `more` are rows begun for somebody to go on with."""
    uids = dict(
        Metric.objects.filter(pk__in=[each.metric_id for each in targets]).values_list("pk", "uid")
    )
    rows = forms.formset_factory(
        TargetForm,
        formset=TargetRows,
        extra=max(1, FIRST_ROWS - len(targets) - len(more)),
        max_num=MOST_TARGETS,
        absolute_max=MOST_TARGETS,
    )
    initial = [*(initial_of(each, uids[each.metric_id]) for each in targets), *more]
    found = cast("TargetRows", rows(data, initial=initial, prefix=PREFIX))
    found.whose = whose
    return found


def one_row(
    index: int,
    metric: Metric | None,
    now: Mapping[str, float | None],
    proposed: Sequence[ProposedTarget],
    whose: Mapping[str, str],
) -> TargetForm:
    """The row of a metric just chosen: where it is now, and what the history proposes for it."""
    rows = target_rows([], whose=whose)
    initial = begun(metric, now, proposed) if metric else {}
    form = TargetForm(initial=initial, prefix=f"{PREFIX}-{index}", use_required_attribute=False)
    rows.add_fields(form, index)
    return form


def begun(
    metric: Metric, now: Mapping[str, float | None], proposed: Sequence[ProposedTarget]
) -> dict[str, object]:
    """A row of that metric: where it is now, and what the history proposes for it."""
    found = [each.metric for each in proposed if each.metric.key == metric.key]
    offer = found[0] if found and found[0].basis else None
    row = initial_of(offer, metric.uid) if offer else {"metric": metric.uid}
    return row | {"start": shown(now.get(metric.key), scale_of(metric.unit))}


def initial_of(target: PlanTarget, uid: str) -> dict[str, object]:
    scale = scale_of(target.unit)
    return {
        "metric": uid,
        "start": shown(target.start, scale),
        "floor": shown(target.floor, scale),
        "target": shown(target.target, scale),
        "weight": target.weight,
        "due_on": target.due_on.isoformat() if target.due_on else None,
    }


def scale_of(unit: str) -> int:
    return 100 if unit == "percent" else 1


def shown(value: float | None, scale: int) -> float | int | None:
    """The value as a person types it: three digits, and not less than its whole part."""
    if value is None:
        return None
    scaled = value * scale
    digits = max(0, 2 - math.floor(math.log10(abs(scaled)))) if scaled else 0
    rounded = round(scaled, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def exact(typed: float, before: float | None, scale: int) -> float:
    """The value that was typed; the one before, to its last digit, where it was left alone."""
    return before if before is not None and shown(before, scale) == typed else typed / scale


class AgreementForm(forms.Form):
    """Who agreed, when and how."""

    person = forms.ModelChoiceField(
        Party.objects.none(),
        label=_("Agreed by"),
        required=False,
        to_field_name="uid",
        empty_label="–",
    )
    person_name = forms.CharField(label=_("Somebody else"), max_length=120, required=False)
    how = forms.ChoiceField(
        label=_("How"),
        choices=[
            (Agreement.How.MEETING, _("In a meeting")),
            (Agreement.How.MAIL, _("By mail")),
            (Agreement.How.CALL, _("In a call")),
        ],
        error_messages={
            "required": _("Say how it was agreed."),
            "invalid_choice": _("Say how it was agreed."),
        },
    )
    on = forms.DateField(
        label=_("When"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages=NO_DAY,
    )

    def __init__(self, data: Typed = None, *, people: QuerySet[Party], today: date) -> None:
        super().__init__(
            data, initial={"on": today.isoformat(), "how": "meeting"}, prefix="agreement"
        )
        person = self.fields["person"]
        assert isinstance(person, forms.ModelChoiceField)
        person.queryset = people

    def refuse(self, refusal: Refused) -> None:
        for problem in refusal.problems:
            self.add_error("on" if problem.code == "future_day" else "person", WORDS[problem.code])


def people_at(goal_party: Party, today: date) -> QuerySet[Party]:
    """Who may have said or agreed something: the people there, or the individual themselves."""
    from banso.parties.access import people_of

    ids = [each.person_id for each in people_of([goal_party.pk], today).get(goal_party.pk, [])]
    if goal_party.kind == Party.Kind.PERSON:
        ids.append(goal_party.pk)
    return Party.objects.filter(pk__in=ids).order_by("name")
