"""What people type about a small trial; three fields are enough."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from banso.assets.models import Asset
from banso.assets.pages.listing import title_in
from banso.base.fields import localized
from banso.base.models import Role, User
from banso.base.workspace import local_today
from banso.engagements.access import book, writable
from banso.engagements.models import Engagement
from banso.goals.models import Standing
from banso.goals.standing import RANKING
from banso.metrics.models import Segment
from banso.metrics.segments import members, segments_in_use
from banso.plays.models import Trial
from banso.plays.trial_actions import MOST_GUESTS, TrialSheet
from banso.web.formats import language

DAYS, GUESTS = 14, 10
REFUSED = {
    "nobody": _("Nobody you write for is in that audience: choose another."),
    "too_many": _("Fifty are the most for a trial: for more, write a play."),
    "day": _("Decide on a later day than today."),
    "decided": _("That is decided already."),
    "open": _("Decide to keep it first."),
}


class AssetField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Asset) -> str:
        return localized(obj.title, language())


class TrialForm(forms.Form):
    """A hypothesis, the reaction looked for, on whom, and when to decide."""

    hypothesis = forms.CharField(
        label=_("If we do this …"),
        max_length=300,
        help_text=_("For example: if we show the import guide in the first week"),
        error_messages={"required": _("Say what you want to try.")},
    )
    looked_for = forms.CharField(
        label=_("… they will"),
        max_length=300,
        help_text=_("The reaction you look for: they import their own file without asking"),
        error_messages={"required": _("Say which reaction you look for.")},
    )
    asset = AssetField(
        Asset.objects.none(),
        label=_("What they are shown"),
        to_field_name="uid",
        required=False,
        empty_label="–",
    )
    segment = forms.ModelChoiceField(
        Segment.objects.none(),
        label=_("On whom"),
        to_field_name="uid",
        required=False,
        empty_label=_("My own customers"),
    )
    size = forms.IntegerField(
        label=_("How many, the largest stakes first"),
        initial=GUESTS,
        min_value=1,
        max_value=MOST_GUESTS,
    )
    decide_on = forms.DateField(
        label=_("Decide on"),
        widget=forms.DateInput({"type": "date"}),
        error_messages={"invalid": _("Write a date such as 2026-04-30.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, user: User, role: Role) -> None:
        day = local_today() + timedelta(days=DAYS)
        super().__init__(data, initial={"decide_on": day.isoformat()})
        self.user, self.role = user, role
        shown = Asset.objects.filter(retired_at=None, current__isnull=False)
        offers(self, "asset", shown.order_by(title_in(language()).asc(), "pk"))
        offers(self, "segment", segments_in_use(user))

    def clean_decide_on(self) -> date:
        day: date = self.cleaned_data["decide_on"]
        if day <= local_today():
            raise forms.ValidationError(REFUSED["day"])
        return day

    def sheet(self) -> TrialSheet:
        names = ("hypothesis", "looked_for", "decide_on", "asset")
        return TrialSheet(**{name: self.cleaned_data[name] for name in names})

    def guests(self) -> list[Engagement]:
        """The first of the audience in the day's order, of those the user writes for."""
        told = self.cleaned_data
        segment = told["segment"]
        audience = members(segment, self.user) if segment else book(self.user, "me")
        rows = Standing.objects.filter(
            current=True,
            engagement__in=audience.values("pk"),
            engagement_id__in=writable(self.user, self.role).values("pk"),
        ).select_related("engagement")
        return [each.engagement for each in rows.order_by(*RANKING)[: told["size"]]]


class DecideForm(forms.Form):
    decision = forms.ChoiceField(choices=[each for each in Trial.Decision.choices if each[0]])
    words = forms.CharField(max_length=2000, required=False)


def offers(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
