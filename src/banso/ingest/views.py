"""Requests about sources and their keys."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.events.models import Source
from banso.ingest import keys as actions
from banso.ingest import pages
from banso.ingest.access import key_or_404, source_or_404
from banso.ingest.forms import KeyForm, OriginsForm, SourceForm
from banso.ingest.keys import AlreadyRevoked, MadeKey
from banso.ingest.models import WriteKey


def sources(request: StaffRequest) -> HttpResponse:
    """All sources; a new one begins with its first key."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        source = words["source"] or actions.add_source(name=words["name"], by=request.user)
        return shown_once(request, source, make(request, source, form))
    status = 422 if request.method == "POST" else 200
    page = pages.sources_page(request.user, request.role)
    return render(request, "ingest/sources.html", {"page": page, "form": form}, status=status)


def source(request: StaffRequest, key: str) -> HttpResponse:
    found = source_or_404(request.user, key)
    return render(request, "ingest/source.html", told(request, found, KeyForm()))


def told(
    request: StaffRequest, found: Source, form: KeyForm, secret: str = ""
) -> dict[str, object]:
    address = request.build_absolute_uri("/").rstrip("/")
    page = pages.source_page(request.user, request.role, found, address, secret)
    return {"page": page, "form": form}


def make_key(request: StaffRequest, key: str) -> HttpResponse:
    found = source_or_404(request.user, key)
    form = KeyForm(request.POST)
    if form.is_valid():
        return shown_once(request, found, make(request, found, form))
    return render(request, "ingest/source.html", told(request, found, form), status=422)


def make(request: StaffRequest, found: Source, form: KeyForm) -> MadeKey:
    words = form.cleaned_data
    return actions.make_key(
        source=found, kind=words["kind"], origins=words["origins"], by=request.user
    )


def shown_once(request: StaffRequest, found: Source, made: MadeKey) -> HttpResponse:
    """The only answer that ever shows a server's key; caches keep none of our answers."""
    return render(request, "ingest/source.html", told(request, found, KeyForm(), made.secret))


def rotate(request: StaffRequest, uid: str) -> HttpResponse:
    key = key_or_404(request.user, uid)
    try:
        made = actions.rotate(key=key, by=request.user)
    except AlreadyRevoked:
        return moved_on(request, key)
    return shown_once(request, key.source, made)


def revoke(request: StaffRequest, uid: str) -> HttpResponse:
    key = key_or_404(request.user, uid)
    try:
        actions.revoke(key=key, by=request.user)
    except AlreadyRevoked:
        return moved_on(request, key)
    messages.success(request, _("The key works no more."))
    return redirect("source", key=key.source.key)


def origins(request: StaffRequest, uid: str) -> HttpResponse:
    key = key_or_404(request.user, uid)
    form = OriginsForm(request.POST)
    if not form.is_valid() or not key.is_public:
        told = _("An origin looks like https://app.example.jp, without a path.")
        messages.error(request, told)
        return redirect("source", key=key.source.key)
    try:
        actions.allow_origins(key=key, origins=form.cleaned_data["origins"], by=request.user)
    except AlreadyRevoked:
        return moved_on(request, key)
    messages.success(request, _("Saved."))
    return redirect("source", key=key.source.key)


def moved_on(request: StaffRequest, key: WriteKey) -> HttpResponse:
    messages.info(request, _("The key has been revoked meanwhile."))
    return redirect("source", key=key.source.key)


def live(request: StaffRequest, key: str) -> HttpResponse:
    """The debugger: asked again every other second while somebody looks."""
    page = pages.live_page(request.user, source_or_404(request.user, key))
    return render(request, "ingest/live.html", {"page": page})
