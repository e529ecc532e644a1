"""What people type about a segment beside its condition."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.core.conditions import Condition
from banso.metrics.models import Segment
from banso.metrics.segment_actions import SegmentSheet
from banso.web.formats import language


class SegmentForm(forms.Form):
    """Its name in both languages, the reader's own needed, and who sees it."""

    name_ja = forms.CharField(label=_("Name in Japanese"), max_length=80, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    shared = forms.BooleanField(
        label=_("All colleagues see this segment"), required=False, initial=True
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.order_fields([f"name_{language()}"])
        own = self.fields[f"name_{language()}"]
        own.required = True
        own.error_messages["required"] = _("Give the segment a name.")

    def sheet(self, condition: Condition) -> SegmentSheet:
        told = self.cleaned_data
        name = {"ja": told["name_ja"].strip(), "en": told["name_en"].strip()}
        return SegmentSheet(name, condition, told["shared"])


def initial_of(segment: Segment) -> dict[str, Any]:
    """What the form shows of a segment."""
    words = {f"name_{language}": text for language, text in segment.name.items()}
    return {**words, "shared": segment.shared}
