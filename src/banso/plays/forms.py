"""What people type about barriers and suggestions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from banso.base.models import User
from banso.goals.models import Stage
from banso.metrics.models import Metric
from banso.plays.interventions import Otherwise
from banso.plays.models import Barrier, Intervention
from banso.web.formats import language

type Typed = Mapping[str, Any] | None
type Word = str | Promise
NO_DAY = {"invalid": _("Write a date such as 2026-04-30.")}


class BarrierForm(forms.Form):
    """What stands in the way of what, at whose side, and in which words."""

    about = forms.ChoiceField(
        label=_("In the way of"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it stands in the way of.")},
    )
    side = forms.ChoiceField(
        label=_("Side"),
        choices=[("theirs", _("Theirs")), ("ours", _("Ours"))],
        widget=forms.RadioSelect,
        required=False,
    )
    words = forms.CharField(label=_("In their words"), max_length=2000, required=False)
    kind = forms.ChoiceField(
        error_messages={
            "required": _("Choose what kind of barrier it is."),
            "invalid_choice": _("Choose what kind of barrier it is."),
        },
    )

    def __init__(
        self,
        data: Typed = None,
        *,
        abouts: Sequence[tuple[str, Word]],
        kinds: Sequence[tuple[str, Word]],
        about: str = "",
    ) -> None:
        known = [code for code, _ in abouts]
        first = about if about in known else (known[0] if known else "")
        super().__init__(data, initial={"about": first, "side": "theirs"})
        for name, choices in (("about", abouts), ("kind", kinds)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(choices)

    def noted(self) -> dict[str, Any]:
        """The words of barrier_actions.note_barrier but the kind."""
        told = self.cleaned_data
        what, _, name = told["about"].partition(":")
        metric = Metric.objects.get(key=name) if what == "metric" else None
        stage = Stage.objects.get(uid=name) if what == "stage" else None
        side = told["side"] or Barrier.Side.THEIRS
        return {"side": side, "words": told["words"], "metric": metric, "stage": stage}


class LowerForm(forms.Form):
    words = forms.CharField(max_length=2000, required=False)


class KindForm(forms.Form):
    """What a kind of barrier is called, the reader's own language needed."""

    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=60, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=60, required=False)

    def __init__(self, data: Typed = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.order_fields([f"name_{language()}"])
        own = self.fields[f"name_{language()}"]
        own.required = True
        own.error_messages["required"] = _("Say what it is called.")

    def name(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"name_{code}"].strip() for code in ("ja", "en")}


class ChangeForm(forms.Form):
    """The first action of a suggestion as somebody wants it instead."""

    title = forms.CharField(
        label=_("What will be done"),
        max_length=300,
        error_messages={"required": _("Write what will be done.")},
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), label=_("Owner"), to_field_name="uid", empty_label=None
    )
    due_on = forms.DateField(
        label=_("Due"), widget=forms.DateInput({"type": "date"}), error_messages=NO_DAY
    )

    def __init__(
        self,
        data: Typed = None,
        *,
        staff: QuerySet[User],
        today: date,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.today = today
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = staff

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if day < self.today:
            raise forms.ValidationError(_("A next step is due today or later."))
        return day

    def otherwise(self) -> Otherwise:
        told = self.cleaned_data
        return Otherwise(told["title"], told["owner"], told["due_on"])


class RefuseForm(forms.Form):
    reason = forms.ChoiceField(choices=Intervention.Reason.choices, required=False)

    def clean_reason(self) -> str:
        return self.cleaned_data["reason"] or Intervention.Reason.UNSAID
