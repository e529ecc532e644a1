"""Plays: the list, one, writing, putting to use, deciding; the preview and the dry run."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from banso.base.fields import localized
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.core.conditions import load
from banso.metrics.condition_form import stored_or_anew
from banso.metrics.fields import fields
from banso.plays import actions
from banso.plays.access import own_play, play_or_404
from banso.plays.actions import PlaySheet, Refused, current_run, current_version
from banso.plays.forms_plays import (
    REFUSED,
    DecisionForm,
    FirstStepForm,
    PlayForm,
    Typed,
    initial_of,
    step_rows,
)
from banso.plays.kept_dry_run import ask_dry_run
from banso.plays.models import Play, PlayRun
from banso.plays.pages.dry_run import dry_run_page
from banso.plays.pages.plays import WritingPage, play_page, plays_page, preview_page
from banso.web.formats import language


def plays(request: StaffRequest) -> HttpResponse:
    page = plays_page(request.user, request.role)
    return render(request, "plays/plays.html", {"page": page})


def play(request: StaffRequest, uid: str) -> HttpResponse:
    found = play_or_404(request.user, uid)
    page = play_page(found, request.user, request.role)
    return render(request, "plays/play.html", {"page": page})


def preview(request: StaffRequest, uid: str) -> HttpResponse:
    """Who would get it tonight: a fragment of the play's page, or a page of its own."""
    page = preview_page(play_or_404(request.user, uid), request.user)
    template = "plays/_preview.html" if request.htmx else "plays/preview.html"
    return render(request, template, {"page": page})


def new(request: StaffRequest) -> HttpResponse:
    return write(request, None)


def edit(request: StaffRequest, uid: str) -> HttpResponse:
    return write(request, own_play(request.user, request.role, uid))


def write(request: StaffRequest, found: Play | None) -> HttpResponse:
    """The play being written; POST saves, unless only the builder of conditions was asked."""
    page = writing_page(request, found)
    if page.form.is_bound:
        valid = [page.form.is_valid(), page.conditions.is_valid(), page.steps.is_valid()]
        if all(valid):
            sheet = page.form.sheet(page.conditions.condition, page.steps.sheets())
            if not asks_first_step(page, sheet) or (page.first and page.first.is_valid()):
                return save(request, page, sheet)
    status = 422 if page.form.is_bound else 200
    return render(request, "plays/writing.html", {"page": page}, status=status)


def asks_first_step(page: WritingPage, sheet: PlaySheet) -> bool:
    """Whether another run begins with what was written."""
    return page.play is not None and page.first is not None and actions.says_anew(page.play, sheet)


def writing_page(request: StaffRequest, found: Play | None) -> WritingPage:
    typed = request.POST if request.method == "POST" else None
    version = current_version(found) if found else None
    condition = load(version.condition) if version else None
    conditions = stored_or_anew(typed, fields(), condition)
    first = initial_of(found, version) if found and version else {}
    data = None if conditions.acted else typed
    return WritingPage(
        play=found,
        form=unmarked(typed, first) if data is None else PlayForm(data, initial=first),
        conditions=conditions,
        steps=step_rows(version, typed),
        first=FirstStepForm(data) if found and found.state == "active" else None,
        number=version.number if version else 0,
    )


def unmarked(typed: Typed, first: dict[str, object]) -> PlayForm:
    """What was typed so far, without a word about what is missing."""
    form = PlayForm(typed, initial=first)
    values = {name: form[name].value() for name in form.fields}
    return PlayForm(initial=first | values)


def save(request: StaffRequest, page: WritingPage, sheet: PlaySheet) -> HttpResponse:
    if page.play is None:
        found = actions.draft_play(sheet=sheet, by=request.user)
        messages.success(request, _("The play is drafted: nobody is given it yet."))
        return redirect("play", uid=found.uid)
    first = page.first.first() if page.first and asks_first_step(page, sheet) else None
    try:
        actions.revise_play(play=page.play, sheet=sheet, by=request.user, first_step=first)
    except Refused as refused:
        messages.error(request, REFUSED[refused.code])
    else:
        messages.success(request, words_of(page.number + 1) if first else _("The play is changed."))
    return redirect("play", uid=page.play.uid)


def words_of(number: int) -> str:
    return _("Version %(n)s is in use from tonight on.") % {"n": number}


def activate(request: StaffRequest, uid: str) -> HttpResponse:
    """Put a play to use, with its first small step."""
    found = play_or_404(request.user, uid)
    form = FirstStepForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.activate_play(play=found, by=request.user, first_step=form.first())
        except Refused as refused:
            form.add_error(None, REFUSED[refused.code])
        else:
            messages.success(request, _("The play is in use from tonight on."))
            return redirect("play", uid=uid)
    context = {"play": found, "form": form, "name": localized(found.name, language())}
    status = 422 if form.is_bound else 200
    return render(request, "plays/activate.html", context, status=status)


def retire(request: StaffRequest, uid: str) -> HttpResponse:
    found = own_play(request.user, request.role, uid)
    if actions.retire_play(play=found, by=request.user):
        messages.success(request, _("The play is retired; what runs goes on to its end."))
    return redirect("play", uid=uid)


def decide(request: StaffRequest, uid: str) -> HttpResponse:
    """Keep or stop the run in use, once."""
    found = own_play(request.user, request.role, uid)
    form, run = DecisionForm(request.POST), current_run(found)
    if run is None or not form.is_valid():
        return redirect("play", uid=uid)
    try:
        actions.decide_run(run=run, by=request.user, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, REFUSED[refused.code])
    else:
        messages.success(request, _("The decision is written down."))
    return redirect("play", uid=uid)


def first_step(request: StaffRequest, uid: str) -> HttpResponse:
    """The first small step of the run in use is done."""
    found = own_play(request.user, request.role, uid)
    run = get_object_or_404(PlayRun, play=found, ended_on=None)
    actions.take_first_step(run=run, by=request.user)
    messages.success(request, _("The first small step is done."))
    return redirect("play", uid=uid)


def dry_run(request: StaffRequest, uid: str) -> HttpResponse:
    """The past year; POST asks for it to be looked at."""
    found = play_or_404(request.user, uid)
    if request.method == "POST":
        ask_dry_run(current_version(found), local_today())
        return redirect("play-dry-run", uid=uid)
    page = dry_run_page(found, request.user)
    partial = request.htmx and page.running is not None
    template = "plays/_running.html" if partial else "plays/dry_run.html"
    return render(request, template, {"page": page})
