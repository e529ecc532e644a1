"""What people type about a recipe."""

from django import forms
from django.utils.translation import gettext_lazy as _

from banso.events.models import Recipe
from banso.events.recipes import RecipeSheet
from banso.events.watching import allowed

MISSING = [
    (Recipe.Missing.REPORT, _("Report them")),
    (Recipe.Missing.PROPOSE, _("Report them and propose to end these customers")),
    (Recipe.Missing.IGNORE, _("Do not look: the file holds only news")),
]


class RecipeForm(forms.Form):
    name = forms.CharField(label=_("Name of the recipe"), max_length=120)
    skip_bad = forms.BooleanField(
        label=_("Leave out rows that cannot be read"),
        required=False,
        help_text=_("Otherwise one such row stops the whole file."),
    )
    missing = forms.ChoiceField(
        label=_("Rows that the last file had and the next one has not"), choices=MISSING
    )
    pattern = forms.CharField(
        label=_("Files in the watched folder"),
        max_length=200,
        required=False,
        help_text=_("For example crm/customers*.csv. Leave it empty to run by hand only."),
    )

    @classmethod
    def of(cls, recipe: Recipe) -> "RecipeForm":
        names = ("name", "skip_bad", "missing", "pattern")
        return cls(initial={name: getattr(recipe, name) for name in names})

    def clean_pattern(self) -> str:
        pattern: str = self.cleaned_data["pattern"]
        if pattern and not allowed(pattern):
            raise forms.ValidationError(_("Name files inside the watched folder, without “..”."))
        return pattern

    def sheet(self) -> RecipeSheet:
        return RecipeSheet(**self.cleaned_data)
