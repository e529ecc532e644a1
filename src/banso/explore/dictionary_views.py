"""Requests of staff about events and their properties."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.events.notes import describe_event, describe_property, hide_event
from banso.explore.dictionary import SORTABLE, event_or_404, events_page
from banso.explore.dictionary_event import event_page
from banso.explore.dictionary_forms import EventForm, PropertyForm
from banso.web.tables import TableState


def events(request: StaffRequest) -> HttpResponse:
    """Every event that is known."""
    state = TableState.read(request.GET, sortable=SORTABLE, default="-recent", filters=("which",))
    page = events_page(local_today(request.workspace), state)
    return render(request, "explore/events.html", {"page": page})


def event(request: StaffRequest, uid: str) -> HttpResponse:
    """One event; what is sent is what it means."""
    today = local_today(request.workspace)
    if request.method != "POST":
        page = event_page(request.user, request.role, today, uid)
        return render(request, "explore/event.html", {"page": page})
    found, _counted = event_or_404(today, uid)
    form = EventForm(request.POST)
    if not form.is_valid():
        return refused(request, uid)
    describe_event(
        stream=found.stream, name=found.name, description=form.description, by=request.user
    )
    messages.success(request, _("Saved."))
    return redirect("event", uid=uid)


def describe(request: StaffRequest, uid: str) -> HttpResponse:
    """What a property of the event means."""
    found, _counted = event_or_404(local_today(request.workspace), uid)
    form = PropertyForm(request.POST)
    if not form.is_valid():
        return refused(request, uid)
    describe_property(
        stream=found.stream,
        event=found.name,
        name=form.cleaned_data["name"],
        description=form.description,
        personal=form.is_personal,
        hidden=form.cleaned_data["hidden"],
        by=request.user,
    )
    messages.success(request, _("Saved."))
    return redirect("event", uid=uid)


def refused(request: StaffRequest, uid: str) -> HttpResponse:
    messages.error(request, _("At most 500 characters can be kept."))
    return redirect("event", uid=uid)


def hide(request: StaffRequest, uid: str) -> HttpResponse:
    """Offer the event no more, or again."""
    found, _counted = event_or_404(local_today(request.workspace), uid)
    hidden = request.POST.get("hidden") == "1"
    hide_event(stream=found.stream, name=found.name, hidden=hidden, by=request.user)
    words = _("It is not offered any more; what uses it goes on.")
    messages.success(request, words if hidden else _("It is offered again."))
    return redirect("event", uid=uid)
