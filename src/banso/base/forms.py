"""What people may type about the workspace, its staff and themselves."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from banso.base.models import Role, Team, User

LANGUAGES = [("ja", "日本語"), ("en", "English")]
CURRENCIES = ["JPY", "USD", "EUR", "GBP", "AUD", "CAD", "CHF", "CNY", "HKD", "KRW", "SGD", "TWD"]
ROLES = [
    (Role.SUCCESS, _("Success manager: writes for their own customers")),
    (Role.MANAGER, _("Manager: writes for all customers, sets standards")),
    (Role.ADMIN, _("Administrator: a manager who also looks after staff and settings")),
    (Role.VIEWER, _("Viewer: reads")),
]
THEMES = [("auto", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))]


def zones() -> list[tuple[str, str]]:
    names = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    first = [name for name in names if name == "Asia/Tokyo"]
    return [(name, name) for name in first + names if not name.startswith("Etc/")]


class NewPassword(forms.Form):
    """A name and a password, checked against the workspace's rules."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters; a short sentence is easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        words = {"name": self.cleaned_data.get("name", ""), "email": self.address()}
        validate_password(password, User(**words))
        return password

    def address(self) -> str:
        return str(self.data.get("email", ""))


class SetUpForm(NewPassword):
    workspace_name = forms.CharField(label=_("Your company"), max_length=200)
    email = forms.EmailField(label=_("Your e-mail address"))
    timezone_name = forms.ChoiceField(label=_("Time zone"), choices=zones, initial="Asia/Tokyo")
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in CURRENCIES], initial="JPY"
    )
    field_order = ["workspace_name", "name", "email", "password", "language", "timezone_name"]


class AcceptForm(NewPassword):
    def __init__(self, *args: Any, email: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.email = email

    def address(self) -> str:
        return self.email


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        help_text=_("As it stands in your customer list: their customers are theirs at once."),
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, initial=Role.SUCCESS)
    team_name = forms.CharField(label=_("Team"), max_length=100, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    team = forms.ModelChoiceField(
        label=_("Team"),
        queryset=Team.objects.order_by("name"),
        required=False,
        empty_label=_("No team"),
    )


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    theme = forms.ChoiceField(label=_("Appearance"), choices=THEMES)
