"""Retrospectives: the list, one, writing, and what comes out of it."""

from collections.abc import Callable
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from banso.base.fields import localized
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.cases import access, retrospectives
from banso.cases.forms import ActionForm, NamedForm, RetrospectiveForm, first_error
from banso.cases.models import Retrospective
from banso.cases.pages.retrospectives import (
    LookingBack,
    retrospective_page,
    retrospectives_page,
    state_of,
)
from banso.cases.retrospectives import WORDS, Occasion
from banso.cases.wording import refusal
from banso.engagements.access import engagement_or_404, engagements, require_write
from banso.engagements.models import Contract
from banso.plays.barrier_actions import Refused as KindRefused
from banso.web.formats import day_text, language


def listed(request: StaffRequest) -> HttpResponse:
    page = retrospectives_page(request.user, request.role, state_of(request.GET))
    return render(request, "cases/retrospectives.html", {"page": page})


def one(request: StaffRequest, uid: str) -> HttpResponse:
    found = access.retrospective_or_404(request.user, uid)
    page = retrospective_page(found, request.user, request.role)
    return render(request, "cases/retrospective.html", {"page": page})


def new(request: StaffRequest) -> HttpResponse:
    """Look back at what the address names: an intervention, a contract, a customer, or nothing."""
    of, query = occasion(request), urlencode(request.GET)
    typed = request.POST if request.method == "POST" else None
    first = {"title": title_of(of), "held_on": local_today().isoformat()}
    form = RetrospectiveForm(typed, initial=first)
    if not form.is_valid():
        return writing(request, LookingBack(of, None, form, query))
    found = retrospectives.hold(sheet=form.sheet(), of=of, by=request.user)
    messages.success(request, _("Kept. What follows from it?"))
    return redirect("retrospective", uid=found.uid)


def edit(request: StaffRequest, uid: str) -> HttpResponse:
    found = access.own_retrospective(request.user, request.role, uid)
    typed = request.POST if request.method == "POST" else None
    words = {name: getattr(found, name) for name in WORDS}
    form = RetrospectiveForm(typed, initial=words | {"held_on": found.held_on.isoformat()})
    if not form.is_valid():
        of = Occasion(found.engagement, found.intervention, found.contract)
        return writing(request, LookingBack(of, found, form))
    retrospectives.revise(retrospective=found, sheet=form.sheet(), by=request.user)
    messages.success(request, _("Kept."))
    return redirect("retrospective", uid=uid)


def writing(request: StaffRequest, page: LookingBack) -> HttpResponse:
    status = 422 if page.form.is_bound else 200
    return render(request, "cases/looking_back.html", {"page": page}, status=status)


def occasion(request: StaffRequest) -> Occasion:
    """What the address names, of a customer that the user may write."""
    asked = request.GET
    if asked.get("intervention"):
        row = access.finished(request.user, request.role, asked["intervention"])
        return Occasion(engagement=row.engagement, intervention=row)
    if asked.get("contract"):
        rows = Contract.objects.filter(engagement__in=engagements(request.user))
        found = get_object_or_404(rows.select_related("engagement__party"), uid=asked["contract"])
        require_write(request.user, request.role, found.engagement)
        return Occasion(engagement=found.engagement, contract=found)
    if asked.get("customer"):
        engagement = engagement_or_404(request.user, asked["customer"])
        require_write(request.user, request.role, engagement)
        return Occasion(engagement=engagement)
    return Occasion()


def title_of(of: Occasion) -> str:
    if of.intervention is not None:
        name = localized(of.intervention.play.name, language())
        return f"{name} · {of.intervention.engagement.party.name}"
    if of.contract is not None:
        return f"{of.contract.engagement.party.name} · {day_text(of.contract.end_on, 'medium')}"
    return of.engagement.party.name if of.engagement is not None else ""


def follow(request: StaffRequest, uid: str) -> HttpResponse:
    """What comes out of it: a drafted play, a kind of barrier, or an action."""
    found = access.own_retrospective(request.user, request.role, uid)
    make = FOLLOWING.get(request.POST.get("what", ""))
    if make is None:
        return redirect("retrospective", uid=uid)
    try:
        problem = make(request, found)
    except (retrospectives.Refused, KindRefused) as refused:
        problem = refusal(refused.code)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, _("It is made, and linked here."))
    return redirect("retrospective", uid=uid)


def follow_play(request: StaffRequest, found: Retrospective) -> str:
    form = NamedForm(request.POST)
    if form.is_valid():
        retrospectives.draft_from(retrospective=found, name=form.named(), by=request.user)
    return problem_of(form)


def follow_kind(request: StaffRequest, found: Retrospective) -> str:
    form = NamedForm(request.POST)
    if form.is_valid():
        retrospectives.name_kind(retrospective=found, name=form.named(), by=request.user)
    return problem_of(form)


def follow_action(request: StaffRequest, found: Retrospective) -> str:
    form = ActionForm(request.POST)
    if form.is_valid():
        retrospectives.agree_action(retrospective=found, step=form.step(), by=request.user)
    return problem_of(form)


def problem_of(form: forms.Form) -> str:
    return first_error(form) if form.errors else ""


FOLLOWING: dict[str, Callable[[StaffRequest, Retrospective], str]] = {
    "play": follow_play,
    "kind": follow_kind,
    "action": follow_action,
}
