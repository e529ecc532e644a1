"""What people type about a placement: what, where, for whom, how long."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banso.assets.access import FOR_THEM
from banso.assets.models import Asset
from banso.base.fields import localized
from banso.base.models import User
from banso.core.conditions import Condition
from banso.events.models import Source
from banso.ingest.access import sources
from banso.ingest.forms import OriginsForm
from banso.inproduct.actions import PlacementSheet
from banso.inproduct.models import Placement
from banso.web.formats import language

NO_DAY = {"invalid": _("Write a date such as 2026-04-30.")}
KINDS = [
    (Placement.Kind.GUIDE, _("Guide: step by step, heading by heading")),
    (Placement.Kind.ANNOUNCEMENT, _("Announcement: all at once")),
]
type Typed = Mapping[str, Any] | None


class AssetField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Asset) -> str:
        return localized(obj.title, language())


class SourceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Source) -> str:
        return obj.name


class PlacementForm(forms.Form):
    """All of a placement but its condition."""

    asset = AssetField(
        Asset.objects.none(),
        label=_("What is shown"),
        to_field_name="uid",
        empty_label="–",
        help_text=_("Published guides that customers or anybody may read."),
    )
    kind = forms.ChoiceField(label=_("How"), choices=KINDS, widget=forms.RadioSelect)
    source = SourceField(
        Source.objects.none(), label=_("In which product"), to_field_name="key", empty_label="–"
    )
    page = forms.CharField(
        label=_("On which page"),
        max_length=200,
        required=False,
        help_text=_("The path, * for anything: /invoices/*. Empty: on every page."),
    )
    from_on = forms.DateField(
        label=pgettext_lazy("placement", "From"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages=NO_DAY,
    )
    until_on = forms.DateField(
        label=_("Until (that day included)"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        error_messages=NO_DAY,
    )

    def __init__(self, data: Typed = None, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "asset", guides())
        choose(self, "source", sources(user))

    def clean_page(self) -> str:
        page = str(self.cleaned_data["page"]).strip()
        if page and not page.startswith(("/", "*")):
            raise forms.ValidationError(_("A path begins with / or with *."))
        if "?" in page or "#" in page:
            raise forms.ValidationError(_("Write the path alone, without ? and #."))
        return page

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        first, last = told.get("from_on"), told.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("It ends before it begins."))
        return told

    def sheet(self, condition: Condition) -> PlacementSheet:
        return PlacementSheet(condition=condition, **self.cleaned_data)


class PagesForm(OriginsForm):
    """The origins whose pages may ask for guides."""

    origins = forms.CharField(
        label=_("Pages that may ask for guides"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, such as https://app.example.com. Empty: none may."),
    )


def guides() -> QuerySet[Asset]:
    """What may be shown in a product, the latest first."""
    rows = Asset.objects.filter(
        kind=Asset.Kind.GUIDE,
        audience__in=FOR_THEM,
        retired_at=None,
        current__isnull=False,
    )
    return rows.defer("body").order_by("-changed_at", "-pk")


def choose(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows


def initial_of(placement: Placement) -> dict[str, Any]:
    """What the form shows of a placement."""
    days = {
        name: day.isoformat() if day else ""
        for name, day in (("from_on", placement.from_on), ("until_on", placement.until_on))
    }
    return days | {
        "asset": placement.asset.uid,
        "kind": placement.kind,
        "source": placement.source.key,
        "page": placement.page,
    }
