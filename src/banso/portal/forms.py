"""What the other side answers."""

from collections.abc import Mapping
from typing import Any

from django import forms

type Typed = Mapping[str, Any] | None


class ReplyForm(forms.Form):
    """Yes, or not quite and what. Where nobody proved who they are (`asked`), they say their
    name; else it is the addressee's. Problems are codes, worded by portal/problem.html."""

    answer = forms.ChoiceField(choices=[("yes", "yes"), ("not_quite", "not_quite")])
    words = forms.CharField(max_length=4000, required=False)
    name = forms.CharField(max_length=120, required=False)

    def __init__(self, data: Typed = None, *, asked: bool, name: str) -> None:
        super().__init__(data)
        self.asked, self.addressee = asked, name
        self.refused = ""

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        return name if self.asked else self.addressee

    def problem(self) -> str:
        """The first thing wrong: no_answer, bad_words, no_words, no_name, or why it was refused."""
        cells = self.cleaned_data
        silent = cells.get("answer") == "not_quite" and not cells.get("words")
        checks = {
            "no_answer": "answer" in self.errors,
            "bad_words": "words" in self.errors,
            "no_words": silent,
            "no_name": not cells.get("name"),
        }
        return next((code for code, wrong in checks.items() if wrong), self.refused)
