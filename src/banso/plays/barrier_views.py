"""Barriers: counted, noted, lowered; their kinds."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.engagements import after
from banso.engagements.access import engagement_or_404, require_write
from banso.plays import barrier_actions as actions
from banso.plays.access import own_barrier
from banso.plays.forms import KindForm, LowerForm
from banso.plays.models import BarrierKind
from banso.plays.pages.barriers import barriers_page, kinds_page, note_page
from banso.web.tables import TableState


def barriers(request: StaffRequest) -> HttpResponse:
    """Every open barrier, counted by kind, side, stage, segment and over time."""
    state = TableState.read(
        request.GET, sortable=(), default="", filters=("kind",), path=reverse("barriers")
    )
    page = barriers_page(request.user, request.role, state)
    return render(request, "plays/barriers.html", {"page": page})


def note(request: StaffRequest, uid: str) -> HttpResponse:
    """Note what stands in the way of a customer: a fragment of its page, or a page of its own."""
    engagement = engagement_or_404(request.user, uid)
    require_write(request.user, request.role, engagement)
    data = request.POST if request.method == "POST" else None
    page = note_page(engagement, data, request.GET.get("about", ""))
    if page.form.is_bound and page.form.is_valid():
        kind = actions.kind_named(code=page.form.cleaned_data["kind"], by=request.user)
        words = page.form.noted()
        actions.note_barrier(engagement=engagement, by=request.user, kind=kind, **words)
        after.announce([engagement.pk])
        messages.success(request, _("The barrier is noted."))
        return redirect(f"{reverse('customer', args=[uid])}#barriers")
    status = 422 if page.form.is_bound else 200
    template = "plays/_note.html" if request.htmx else "plays/note.html"
    return render(request, template, {"page": page}, status=status)


def lower(request: StaffRequest, uid: str) -> HttpResponse:
    """It stands in the way no more; with `undo`, it does after all."""
    barrier = own_barrier(request.user, request.role, uid)
    form = LowerForm(request.POST)
    if "undo" in request.POST:
        actions.raise_barrier(barrier=barrier, by=request.user)
        messages.success(request, _("The barrier is open again."))
    elif form.is_valid():
        words = form.cleaned_data["words"]
        actions.lower_barrier(barrier=barrier, by=request.user, words=words)
        messages.success(request, _("The barrier is lowered."))
    after.announce([barrier.engagement_id])
    if request.POST.get("place") == "barriers":
        return redirect("barriers")
    return redirect(f"{reverse('customer', args=[barrier.engagement.uid])}#barriers")


def kinds(request: StaffRequest) -> HttpResponse:
    """The kinds of barriers; POST adds one, or with `begin` the usual five."""
    if "begin" in request.POST:
        actions.begin_kinds(by=request.user)
        messages.success(request, _("These five are a beginning: name them as you do."))
        return redirect("barrier-kinds")
    form = KindForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.add_kind(name=form.name(), by=request.user)
        except actions.Refused:
            form.add_error(None, _("Forty kinds are the most: retire one first."))
        else:
            messages.success(request, _("The kind is added."))
            return redirect("barrier-kinds")
    page = kinds_page(request.user, request.role)
    status = 422 if form.is_bound else 200
    return render(request, "plays/kinds.html", {"page": page, "form": form}, status=status)


def kind(request: StaffRequest, uid: str) -> HttpResponse:
    """Rename a kind, retire it or offer it again."""
    found = get_object_or_404(BarrierKind, uid=uid)
    if request.method == "POST" and "retire" in request.POST:
        actions.set_kind_retired(kind=found, retired=found.retired_at is None, by=request.user)
        said = _("The kind is retired.") if found.retired_at else _("The kind is in use again.")
        messages.success(request, said)
        return redirect("barrier-kinds")
    words = {f"name_{code}": text for code, text in found.name.items()}
    form = KindForm(request.POST if request.method == "POST" else None, initial=words)
    if form.is_bound and form.is_valid():
        actions.rename_kind(kind=found, name=form.name(), by=request.user)
        messages.success(request, _("The kind is renamed."))
        return redirect("barrier-kinds")
    context = {"kind": found, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "plays/kind.html", context, status=status)
