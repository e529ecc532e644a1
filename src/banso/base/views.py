"""Doors, staff and settings."""

from typing import cast

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.base import actions, forms, pages
from banso.base.messages import send
from banso.base.models import Invitation, StaffGrant, Workspace
from banso.base.routes import StaffRequest
from banso.base.settings_forms import WordsForm, WorkspaceForm

BACKEND = settings.AUTHENTICATION_BACKENDS[0]
SET_UP_SALT = "banso.set-up"


def home(request: HttpRequest) -> HttpResponse:
    """The day's first page, or the door to it."""
    return redirect("today" if request.user.is_authenticated else "account_login")


def health(request: HttpRequest) -> HttpResponse:
    """Answers 200 when the database answers; says nothing else."""
    Workspace.objects.exists()
    return JsonResponse({"ok": True})


def set_up(request: HttpRequest) -> HttpResponse:
    """The first administrator's page, opened by the link that `banso serve` prints."""
    if StaffGrant.objects.exists():
        raise Http404
    try:
        signing.loads(request.GET.get("key", ""), salt=SET_UP_SALT)
    except signing.BadSignature:
        return render(request, "base/set_up_locked.html", status=403)
    form = forms.SetUpForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.set_up(**form.cleaned_data)
        except actions.Refused as refused:
            raise Http404 from refused
        login(request, user, backend=BACKEND)
        return redirect("today")
    return render(request, "base/set_up.html", {"form": form})


def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation: choose a name and a password, and be in."""
    if blocked := ratelimit.consume_or_429(request, action="reset_password_from_key"):
        return cast("HttpResponse", blocked)
    found = actions.open_invitation(secret)
    if found is None:
        return render(request, "base/invitation_closed.html", status=404)
    initial = {"name": found.name, "language": found.language}
    form = forms.AcceptForm(request.POST or None, email=found.email, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.accept_invitation(secret=secret, **form.cleaned_data)
        except actions.Refused:
            return render(request, "base/invitation_closed.html", status=404)
        login(request, user, backend=BACKEND)
        return redirect("today")
    return render(request, "base/invitation.html", {"form": form, "email": found.email})


def staff(request: StaffRequest) -> HttpResponse:
    form = forms.InviteForm(initial={"language": request.workspace.language})
    return render(request, "base/staff.html", {"page": pages.staff_page(), "form": form})


def invite(request: StaffRequest) -> HttpResponse:
    form = forms.InviteForm(request.POST)
    if not form.is_valid():
        page = {"page": pages.staff_page(), "form": form}
        return render(request, "base/staff.html", page, status=422)
    words = dict(form.cleaned_data)
    team_name = words.pop("team_name")
    team = actions.add_team(actor=request.user, name=team_name) if team_name else None
    try:
        invited = actions.invite(actor=request.user, team=team, **words)
    except actions.Refused:
        messages.error(request, _("This address belongs to a colleague already."))
        return redirect("staff")
    link = request.build_absolute_uri(reverse("invitation", args=[invited.secret]))
    send(
        "invitation",
        to=invited.invitation.email,
        language=invited.invitation.language,
        link=link,
        inviter=request.user.name,
    )
    return render(request, "base/invited.html", {"link": link, "email": words["email"]})


def withdraw(request: StaffRequest, uid: str) -> HttpResponse:
    found = get_object_or_404(Invitation, uid=uid)
    actions.withdraw_invitation(actor=request.user, invitation=found)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("staff")


def grant(request: StaffRequest, uid: str) -> HttpResponse:
    """One colleague: another role or team, or the end of their time here."""
    found = get_object_or_404(
        StaffGrant.objects.select_related("user"), user__uid=uid, ended_at=None
    )
    form = forms.GrantForm(
        request.POST if request.method == "POST" else None,
        initial={"role": found.role, "team": found.team_id},
    )
    ends = "end" in request.POST
    if request.method != "POST" or not (ends or form.is_valid()):
        page = {"form": form, "colleague": pages.colleague(found)}
        status = 422 if request.method == "POST" else 200
        return render(request, "base/grant.html", page, status=status)
    try:
        if ends:
            actions.end_grant(actor=request.user, user=found.user)
        else:
            actions.change_grant(actor=request.user, user=found.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
    except actions.Refused:
        messages.error(request, _("There must always be an administrator: appoint another first."))
    return redirect("staff")


def workspace_settings(request: StaffRequest) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = WorkspaceForm(data, workspace=request.workspace)
    if data is None or not form.is_valid():
        status = 200 if data is None else 422
        return render(request, "base/settings.html", {"form": form}, status=status)
    changed = actions.change_workspace(actor=request.user, choices=form.choices())
    if "timezone" in changed:
        messages.success(request, _("Saved. Everything is counted anew by the days of this zone."))
    else:
        messages.success(request, _("Saved."))
    return redirect("settings")


def word_list(request: StaffRequest) -> HttpResponse:
    """What the company calls its customers and the rest of the limited set."""
    data = request.POST if request.method == "POST" else None
    form = WordsForm(data, workspace=request.workspace)
    if data is None or not form.is_valid():
        status = 200 if data is None else 422
        return render(request, "base/words.html", {"form": form}, status=status)
    actions.change_workspace(actor=request.user, choices={"words": form.words()})
    messages.success(request, _("Saved."))
    return redirect("words")


def profile(request: StaffRequest) -> HttpResponse:
    user = request.user
    initial = {"name": user.name, "language": user.language, "theme": user.theme}
    form = forms.ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(user=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    return render(request, "base/profile.html", {"form": form})
