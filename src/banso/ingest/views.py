"""Requests of staff about sources."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.events.models import Source
from banso.events.sources import add_source
from banso.ingest import actions, keys, pages
from banso.ingest.access import key_or_404, source_or_404
from banso.ingest.forms import KeyForm, OriginsForm, RulesForm, SourceForm
from banso.ingest.models import Rules


def sources(request: StaffRequest) -> HttpResponse:
    """The list; a name that is sent makes a further source."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = add_source(name=form.cleaned_data["name"], by=request.user)
        return redirect("source", key=made.key)
    page = pages.sources_page(request.user, request.role)
    return render(request, "ingest/sources.html", {"page": page, "form": form})


def source(request: StaffRequest, key: str) -> HttpResponse:
    """One source; what is sent are its rules."""
    found = source_or_404(request.user, key)
    if request.method == "POST":
        form = RulesForm(request.POST)
        if form.is_valid():
            actions.set_rules(source=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("source", key=key)
        return shown(request, found, rules=form)
    return shown(request, found)


def shown(
    request: StaffRequest,
    found: Source,
    *,
    secret: str = "",
    key_form: KeyForm | None = None,
    rules: RulesForm | None = None,
) -> HttpResponse:
    """The page; nobody keeps an answer that shows a new key."""
    now = Rules.objects.filter(source=found).first() or Rules()
    initial = {"accounts": now.accounts, "people": now.people}
    address = request.build_absolute_uri("/").rstrip("/")
    words = {
        "page": pages.source_page(request.user, request.role, found, address, secret),
        "key_form": key_form or KeyForm(),
        "rules_form": rules or RulesForm(initial=initial),
    }
    answer = render(request, "ingest/source.html", words)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def make_key(request: StaffRequest, key: str) -> HttpResponse:
    found = source_or_404(request.user, key)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return shown(request, found, key_form=form)
    told = form.cleaned_data
    made = keys.make_key(source=found, kind=told["kind"], origins=told["origins"], by=request.user)
    return shown(request, found, secret=made.secret)


def rotate_key(request: StaffRequest, key: str, uid: str) -> HttpResponse:
    found = source_or_404(request.user, key)
    try:
        made = keys.rotate(key=key_or_404(found, uid), by=request.user)
    except keys.AlreadyRevoked:
        return too_late(request, key)
    return shown(request, found, secret=made.secret)


def revoke_key(request: StaffRequest, key: str, uid: str) -> HttpResponse:
    found = key_or_404(source_or_404(request.user, key), uid)
    try:
        keys.revoke(key=found, by=request.user)
    except keys.AlreadyRevoked:
        return too_late(request, key)
    messages.success(request, _("The key works no more."))
    return redirect("source", key=key)


def allow_origins(request: StaffRequest, key: str, uid: str) -> HttpResponse:
    found = key_or_404(source_or_404(request.user, key), uid)
    form = OriginsForm(request.POST)
    if not form.is_valid() or not found.is_public:
        messages.error(request, _("Write addresses like https://app.example.com, one a line."))
        return redirect("source", key=key)
    try:
        keys.allow_origins(key=found, origins=form.cleaned_data["origins"], by=request.user)
    except keys.AlreadyRevoked:
        return too_late(request, key)
    messages.success(request, _("Saved."))
    return redirect("source", key=key)


def too_late(request: StaffRequest, key: str) -> HttpResponse:
    messages.info(request, _("The key was revoked already."))
    return redirect("source", key=key)
