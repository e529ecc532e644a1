"""Requests about incoming meetings and mail."""

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.base.models import StaffGrant
from banso.base.outgoing import Refused as Unreachable
from banso.base.routes import StaffRequest
from banso.engagements.access import writable
from banso.inbound import actions, feed, pages
from banso.inbound.access import item_or_404
from banso.inbound.models import Feed, Item, Rule
from banso.inbound.reading import tell_changed
from banso.web.tables import TableState


def inbound(request: StaffRequest) -> HttpResponse:
    """The one list of what matched nobody."""
    state = TableState.read(request.GET, sortable=(), default="", path=request.path)
    page = pages.inbound_page(request.user, request.role, state)
    return render(request, "inbound/inbound.html", {"page": page})


def item(request: StaffRequest, uid: str) -> HttpResponse:
    found = item_or_404(request.user, request.role, uid)
    query = request.GET.get("q", "").strip()[:200]
    page = pages.item_page(request.user, request.role, found, query)
    return render(request, "inbound/item.html", {"page": page})


def assign(request: StaffRequest, uid: str) -> HttpResponse:
    """The item belongs to the chosen customer."""
    found = item_or_404(request.user, request.role, uid)
    mine = writable(request.user, request.role)
    engagement = mine.filter(uid=request.POST.get("customer", "")).first()
    if engagement is None:
        messages.error(request, _("Choose a customer first."))
        return redirect("inbound-item", uid=uid)
    try:
        touched = actions.assign(
            item=found,
            engagement=engagement,
            by=request.user,
            create=request.POST.getlist("create"),
            always=allowed(found, request.POST.getlist("always")),
        )
    except actions.Refused:
        return moved_on(request)
    tell_changed(touched)
    told = _("It is a contact of %(name)s now.") % {"name": engagement.party.name}
    messages.success(request, told)
    return redirect("inbound")


def dismiss(request: StaffRequest, uid: str) -> HttpResponse:
    found = item_or_404(request.user, request.role, uid)
    always = allowed(found, request.POST.getlist("always"))
    try:
        actions.dismiss(item=found, by=request.user, always=always)
    except actions.Refused:
        return moved_on(request)
    messages.success(request, _("It is left out; what it said is forgotten."))
    return redirect("inbound")


def allowed(found: Item, chosen: list[str]) -> list[str]:
    """Rules are made of the addresses and domains of the item, of nothing else."""
    emails = {each["email"] for each in found.people}
    domains = {email.rpartition("@")[2] for email in emails}
    return [each for each in chosen if each in emails | domains]


def moved_on(request: StaffRequest) -> HttpResponse:
    messages.info(request, _("Somebody has decided on it meanwhile."))
    return redirect("inbound")


def connections(request: StaffRequest) -> HttpResponse:
    page = pages.connections_page(request.user)
    return render(request, "inbound/connections.html", {"page": page})


def connect(request: StaffRequest) -> HttpResponse:
    try:
        actions.connect_calendar(user=request.user, address=request.POST.get("address", ""))
    except Unreachable:
        messages.error(request, _("This is not an address that begins with https://."))
        return redirect("connections")
    messages.success(request, _("The calendar is connected; it is read within a minute."))
    return redirect("connections")


def disconnect(request: StaffRequest) -> HttpResponse:
    actions.disconnect_calendar(user=request.user)
    messages.success(request, _("The address is forgotten; contacts that came from it stay."))
    return redirect("connections")


def make_feed(request: StaffRequest) -> HttpResponse:
    """A new feed: this answer is the only one that ever shows its address."""
    secret = actions.make_feed(user=request.user)
    address = request.build_absolute_uri(reverse("calendar-feed", args=[secret]))
    page = pages.connections_page(request.user, address)
    answer = render(request, "inbound/connections.html", {"page": page})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def revoke_feed(request: StaffRequest) -> HttpResponse:
    actions.revoke_feed(user=request.user)
    messages.success(request, _("The address works no more."))
    return redirect("connections")


def forget_rule(request: StaffRequest) -> HttpResponse:
    get_object_or_404(Rule, by=request.user, pk=number(request.POST.get("rule", ""))).delete()
    messages.success(request, _("Saved."))
    return redirect("connections")


def number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def calendar_feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The feed itself, for a calendar program that knows the secret."""
    if blocked := ratelimit.consume_or_429(request, action="calendar_feed"):
        return cast("HttpResponse", blocked)
    found = Feed.objects.select_related("user").filter(digest=actions.digest_of(secret)).first()
    in_post = found and StaffGrant.objects.filter(user=found.user, ended_at=None).exists()
    if not found or not in_post or not found.user.is_active:
        raise Http404
    Feed.objects.filter(pk=found.pk).update(read_at=timezone.now())
    address = request.build_absolute_uri("/").rstrip("/")
    answer = HttpResponse(feed.calendar_text(found.user, address), "text/calendar; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
