"""Small trials: begun in one form, answered by two buttons a customer, decided once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.engagements.access import require_write
from banso.engagements.after import announce
from banso.plays import trial_actions as actions
from banso.plays.access import own_trial, trial_guests, trial_or_404
from banso.plays.models import TrialGuest
from banso.plays.pages.trials import trial_page, trials_page
from banso.plays.trial_actions import Refused
from banso.plays.trial_forms import REFUSED, DecideForm, TrialForm
from banso.web.tables import TableState


def trials(request: StaffRequest) -> HttpResponse:
    state = TableState.read(request.GET, sortable=(), default="", path=reverse("trials"))
    page = trials_page(request.user, request.role, state)
    return render(request, "plays/trials.html", {"page": page})


def new(request: StaffRequest) -> HttpResponse:
    """One form: what is tried, on whom, what shows it, when it is decided."""
    data = request.POST if request.method == "POST" else None
    form = TrialForm(data, request.user, request.role)
    if form.is_bound and form.is_valid():
        try:
            trial = actions.begin_trial(sheet=form.sheet(), guests=form.guests(), by=request.user)
        except Refused as refused:
            form.add_error("segment", REFUSED[refused.code])
        else:
            messages.success(request, _("The trial is on. You are reminded on the day to decide."))
            return redirect("trial", uid=trial.uid)
    status = 422 if form.is_bound else 200
    return render(request, "plays/trial_new.html", {"form": form}, status=status)


def trial(request: StaffRequest, uid: str) -> HttpResponse:
    found = trial_or_404(request.user, uid)
    page = trial_page(found, request.user, request.role)
    return render(request, "plays/trial.html", {"page": page})


def react(request: StaffRequest, uid: str) -> HttpResponse:
    """How one of them reacted."""
    found = trial_or_404(request.user, uid)
    guests = trial_guests(request.user).select_related("engagement__party")
    guest = get_object_or_404(guests, trial=found, engagement__uid=request.POST.get("customer", ""))
    require_write(request.user, request.role, guest.engagement)
    reaction = request.POST.get("reaction", "")
    if reaction not in TrialGuest.Reaction.values:
        messages.error(request, _("Choose one of the two."))
        return redirect("trial", uid=uid)
    try:
        actions.note_reaction(guest=guest, reaction=reaction, by=request.user)
    except Refused as refused:
        messages.error(request, str(REFUSED[refused.code]))
        return redirect("trial", uid=uid)
    announce([guest.engagement_id])
    if request.htmx:
        return trial(request, uid)
    return redirect("trial", uid=uid)


def decide(request: StaffRequest, uid: str) -> HttpResponse:
    """Keep, adjust or stop."""
    found = own_trial(request.user, request.role, uid)
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose keep, adjust or stop."))
        return redirect("trial", uid=uid)
    try:
        actions.decide_trial(trial=found, by=request.user, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, str(REFUSED[refused.code]))
    return redirect("trial", uid=uid)


def roll_out(request: StaffRequest, uid: str) -> HttpResponse:
    """A draft of the play for everybody it fits, to be said for whom."""
    found = own_trial(request.user, request.role, uid)
    try:
        play = actions.make_play(trial=found, by=request.user)
    except Refused as refused:
        messages.error(request, str(REFUSED[refused.code]))
        return redirect("trial", uid=uid)
    messages.success(request, _("A draft is made: say for whom it is."))
    return redirect("play-edit", uid=play.uid)
