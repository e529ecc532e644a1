"""Alerts: the list, one of them, seen, muted, tuned; the settings."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.alerts import actions
from banso.alerts.access import alert_or_404, open_mutes
from banso.alerts.detail_page import alert_page
from banso.alerts.models import Kind
from banso.alerts.pages import MUTE_DAYS, alerts_page
from banso.alerts.settings_page import settings_page
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.core.moves import LEVELS
from banso.engagements.access import engagement_or_404, require_write
from banso.web.tables import TableState

PLACES = {"alerts", "today", "alert-settings"}


def alerts(request: StaffRequest) -> HttpResponse:
    """The moves of the last 30 days, by day."""
    state = TableState.read(
        request.GET,
        sortable=(),
        default="",
        filters=("scope", "closed"),
        path=reverse("alerts"),
    )
    page = alerts_page(user=request.user, role=request.role, today=local_today(), state=state)
    return render(request, "alerts/alerts.html", {"page": page})


def alert(request: StaffRequest, uid: str) -> HttpResponse:
    """One alert with what it rests on."""
    page = alert_page(alert_or_404(request.user, uid), user=request.user, role=request.role)
    return render(request, "alerts/alert.html", {"page": page})


def seen(request: StaffRequest, uid: str) -> HttpResponse:
    """Close it as seen, or with `undo` open it again."""
    found = alert_or_404(request.user, uid)
    require_write(request.user, request.role, found.engagement)
    if "undo" in request.POST:
        actions.reopen(alert=found, by=request.user)
        messages.success(request, _("The change is open again."))
    else:
        actions.see(alert=found, by=request.user)
        messages.success(request, _("Marked as seen."))
    return back(request)


def mute(request: StaffRequest, uid: str) -> HttpResponse:
    """Hear nothing for 30 days: of this customer, or of this kind."""
    found = alert_or_404(request.user, uid)
    until = local_today() + timedelta(days=MUTE_DAYS)
    if request.POST.get("what") == "kind":
        actions.mute(by=request.user, until=until, kind=found.kind)
        messages.success(request, _("You hear nothing of this kind for 30 days."))
    else:
        actions.mute(by=request.user, until=until, engagement=found.engagement)
        messages.success(request, _("You hear nothing of this customer for 30 days."))
    return back(request)


def unmute(request: StaffRequest, uid: str) -> HttpResponse:
    muted = get_object_or_404(open_mutes(request.user, local_today()), uid=uid)
    actions.unmute(muted=muted, by=request.user)
    messages.success(request, _("You hear of it again."))
    return back(request, "alert-settings")


def tune(request: StaffRequest, kind: str) -> HttpResponse:
    """One's own level of a kind: `level`, or one `step` less or more."""
    if kind not in Kind.values:
        raise Http404
    if request.POST.get("step") in ("1", "-1"):
        level = actions.tune_by(kind=kind, step=int(request.POST["step"]), by=request.user)
    else:
        level = actions.tune(kind=kind, level=level_of(request), by=request.user)
    if level:
        messages.success(request, _("Your level of this kind is now %(level)s.") % {"level": level})
    else:
        messages.success(request, _("This kind is off for you."))
    return back(request)


def tune_all(request: StaffRequest, kind: str) -> HttpResponse:
    """The level of everybody who chose none; "record" leaves it to the track record."""
    if kind not in Kind.values:
        raise Http404
    by_record = request.POST.get("level") == "record"
    level = None if by_record else level_of(request)
    actions.tune_for_all(kind=kind, level=level, by=request.user)
    messages.success(request, _("The level for everybody is set."))
    return back(request, "alert-settings")


def settings(request: StaffRequest) -> HttpResponse:
    page = settings_page(user=request.user, role=request.role, today=local_today())
    return render(request, "alerts/settings.html", {"page": page})


def level_of(request: StaffRequest) -> int:
    """The level asked for; Http404 for none there is."""
    asked = request.POST.get("level", "")
    if asked not in {"0", *map(str, LEVELS)}:
        raise Http404
    return int(asked)


def back(request: StaffRequest, default: str = "alerts") -> HttpResponse:
    """To the page it was asked on: one of those named here, or "customer <uid>"."""
    place, _space, uid = request.POST.get("place", default).partition(" ")
    if place == "customer":
        return redirect("customer", uid=engagement_or_404(request.user, uid).uid)
    return redirect(place if place in PLACES else default)
