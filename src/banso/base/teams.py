"""The teams: who stands in for whom, and their answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.base import actions
from banso.base.models import StaffGrant, Team, User
from banso.base.roles import WRITERS
from banso.base.routes import StaffRequest


class TeamForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the team"), max_length=100)


@dataclass(frozen=True)
class Member:
    """Somebody in post; `covers`: they may write, so they stand in for the others."""

    user: User
    role: str
    covers: bool


@dataclass(frozen=True)
class TeamCard:
    """A team with its members by name; `team` is None for those in no team."""

    team: Team | None
    members: Sequence[Member]


@dataclass(frozen=True)
class TeamsPage:
    cards: Sequence[TeamCard]
    teams: Sequence[Team]
    form: TeamForm


def teams_page(form: TeamForm) -> TeamsPage:
    """Every team, and those in none, which stand in for one another too."""
    teams = list(Team.objects.order_by("name"))
    rows = StaffGrant.objects.filter(ended_at=None).select_related("user")
    grants = list(rows.order_by("user__name", "user_id"))
    everyone: list[Team | None] = [*teams, None]
    cards = [TeamCard(team, members_of(team, grants)) for team in everyone]
    return TeamsPage([each for each in cards if each.team or each.members], teams, form)


def members_of(team: Team | None, grants: Sequence[StaffGrant]) -> list[Member]:
    number = team.pk if team else None
    return [
        Member(each.user, each.role, each.role in WRITERS)
        for each in grants
        if each.team_id == number
    ]


def teams(request: StaffRequest) -> HttpResponse:
    """Look at the teams; make one."""
    form = TeamForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        actions.add_team(actor=request.user, name=form.cleaned_data["name"].strip())
        messages.success(request, _("Saved."))
        return redirect("teams")
    status = 422 if form.is_bound else 200
    return render(request, "base/teams.html", {"page": teams_page(form)}, status=status)


def team(request: StaffRequest, uid: str) -> HttpResponse:
    """Another name for a team, or its end."""
    found = get_object_or_404(Team, uid=uid)
    form = TeamForm(request.POST)
    try:
        if "drop" in request.POST:
            actions.drop_team(actor=request.user, team=found)
        elif form.is_valid():
            name = form.cleaned_data["name"].strip()
            actions.rename_team(actor=request.user, team=found, name=name)
        messages.success(request, _("Saved."))
    except actions.Refused as refused:
        wording = {
            "name_taken": _("Another team has this name."),
            "team_has_members": _("Move its members first."),
        }
        messages.error(request, wording[refused.code])
    return redirect("teams")


def move(request: StaffRequest, uid: str) -> HttpResponse:
    """A colleague joins another team, or none."""
    grant = get_object_or_404(
        StaffGrant.objects.select_related("user"), user__uid=uid, ended_at=None
    )
    wanted = request.POST.get("team", "")
    joined = get_object_or_404(Team, uid=wanted) if wanted else None
    actions.move_to_team(actor=request.user, user=grant.user, team=joined)
    messages.success(request, _("Saved."))
    return redirect("teams")
