"""What colleagues type to each other."""

from django import forms
from django.utils.translation import gettext_lazy as _


class CommentForm(forms.Form):
    """One comment; @ and a name mentions a colleague."""

    text = forms.CharField(
        label=_("Comment"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2, "data-mentions": ""}),
        error_messages={"required": _("Write something first.")},
    )
