"""allauth's door: no open sign-up; staff come in by invitation only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from banso.base.models import User


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Somebody whose time here has ended."""
        messages.error(request, _("This account is closed. Ask an administrator."))
        return redirect("account_login")


class SignInForm(LoginForm):  # type: ignore[misc]
    """allauth's form; the labels stay visible, so nothing stands in the fields."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
