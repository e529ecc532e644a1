"""Requests about suggestions and merges."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.base.routes import StaffRequest
from banso.engagements.access import engagement_or_404, require_write
from banso.matching import actions, pages
from banso.matching.access import match_or_404, may_undo, merge_or_404
from banso.matching.choices import FIELDS, Side
from banso.matching.finding import propose
from banso.matching.models import Match
from banso.matching.together import confirm_alike
from banso.parties.models import Party
from banso.web.tables import TableState


def queue(request: StaffRequest) -> HttpResponse:
    """The suggestions, one in full."""
    kind = kind_of(request.GET)
    page = pages.queue(request.user, request.role, kind, request.GET.get("at", ""))
    template = "matching/_queue.html" if request.htmx else "matching/queue.html"
    return render(request, template, {"page": page})


def merge(request: StaffRequest, uid: str) -> HttpResponse:
    """They are the same."""
    match = match_or_404(request.user, request.role, uid)
    right = request.POST.get("winner", pages.pair(match).winner) == "right"
    winner, loser = (match.right, match.left) if right else (match.left, match.right)
    try:
        actions.merge(
            winner=winner,
            loser=loser,
            by=request.user,
            sides=sides_of(request.POST, "right" if right else "left"),
        )
    except actions.NotNow:
        return moved_on(request, match)
    messages.success(request, _("Made one. Press u to take it back."))
    return onward(request, match.kind)


def reject(request: StaffRequest, uid: str) -> HttpResponse:
    """They are two."""
    match = match_or_404(request.user, request.role, uid)
    try:
        actions.reject(match=match, by=request.user)
    except actions.NotNow:
        return moved_on(request, match)
    messages.success(request, _("Kept apart; this pair will not be suggested again."))
    return onward(request, match.kind)


def postpone(request: StaffRequest, uid: str) -> HttpResponse:
    """Later."""
    match = match_or_404(request.user, request.role, uid)
    try:
        actions.postpone(match=match, by=request.user)
    except actions.NotNow:
        return moved_on(request, match)
    return onward(request, match.kind)


def reconsider(request: StaffRequest, uid: str) -> HttpResponse:
    """Ask about a rejected pair again."""
    match = match_or_404(request.user, request.role, uid)
    try:
        actions.reconsider(match=match, by=request.user)
    except actions.NotNow:
        return moved_on(request, match)
    return redirect(f"{reverse('matches')}?kind={match.kind}&at={match.uid}")


def undo_last(request: StaffRequest) -> HttpResponse:
    """Take the user's last answer back and show the pair again."""
    done, answered = pages.last_answers(request.user)
    kind, uid = kind_of(request.POST), ""
    if pages.last_answer(request.user) == "merge" and done:
        actions.undo_merge(done=done, by=request.user)
        low, high = sorted((done.winner_id, done.loser_id))
        again = Match.objects.filter(left=low, right=high).first()
        kind, uid = done.winner.kind, again.uid if again else ""
        messages.success(request, _("Taken back: they are two again."))
    elif answered:
        actions.reconsider(match=answered, by=request.user)
        kind, uid = answered.kind, answered.uid
        messages.success(request, _("Taken back."))
    return onward(request, kind, at=uid)


def alike(request: StaffRequest) -> HttpResponse:
    """The plain suggestions: a preview, then all that were shown."""
    kind = kind_of(request.POST or request.GET)
    page = pages.alike(request.user, request.role, kind)
    if request.method != "POST":
        return render(request, "matching/alike.html", {"page": page})
    shown = set(request.POST.getlist("match"))
    chosen = [each.pk for each in page.rows if each.uid in shown]
    if chosen:
        confirm_alike.enqueue(user_id=request.user.pk, match_ids=chosen)
        told = ngettext(
            "%(n)s pair is being made one.", "%(n)s pairs are being made one.", len(chosen)
        )
        messages.success(request, told % {"n": len(chosen)})
    return redirect(f"{reverse('matches')}?kind={kind}")


def merges(request: StaffRequest) -> HttpResponse:
    """What was made one, or said to be different."""
    state = TableState.read(
        request.GET, sortable=(), default="", filters=("which",), path=request.path
    )
    page = pages.history(request.user, request.role, state.filter("which"), state)
    return render(request, "matching/merges.html", {"page": page})


def undo(request: StaffRequest, uid: str) -> HttpResponse:
    """Two again."""
    done = merge_or_404(request.user, uid)
    if not may_undo(request.user, request.role, done):
        raise PermissionDenied
    try:
        actions.undo_merge(done=done, by=request.user)
        messages.success(request, _("Taken back: they are two again."))
    except actions.NotNow:
        messages.info(request, _("Somebody has answered this meanwhile."))
    return redirect("merges")


def partner(request: StaffRequest, uid: str) -> HttpResponse:
    """Choose a customer to merge this one with."""
    engagement = engagement_or_404(request.user, uid)
    require_write(request.user, request.role, engagement)
    if request.method == "POST":
        other = engagement_or_404(request.user, request.POST.get("other", ""))
        require_write(request.user, request.role, other)
        if other == engagement or other.party.kind != engagement.party.kind:
            raise Http404
        match = propose(engagement.party, other.party)
        return redirect(f"{reverse('matches')}?kind={match.kind}&at={match.uid}")
    query = request.GET.get("q", "").strip()[:200]
    page = pages.partner(request.user, request.role, engagement, query)
    return render(request, "matching/partner.html", {"page": page})


def kind_of(words: QueryDict) -> str:
    asked = words.get("kind", "")
    return asked if asked in Party.Kind.values else Party.Kind.ORGANIZATION


def sides_of(posted: Mapping[str, Any], winner: str) -> dict[str, Side]:
    """Whose value each field gets, from the hands (left, right) that were chosen."""
    names = [f"{table}.{name}" for table, fields in FIELDS.items() for name in fields]
    told = {name: posted.get(name, "") for name in names}
    return {
        name: "winner" if hand == winner else "loser"
        for name, hand in told.items()
        if hand in ("left", "right")
    }


def onward(request: StaffRequest, kind: str, at: str = "") -> HttpResponse:
    """The next one, at once."""
    if request.htmx:
        page = pages.queue(request.user, request.role, kind, at)
        return render(request, "matching/_answer.html", {"page": page})
    return redirect(f"{reverse('matches')}?kind={kind}" + (f"&at={at}" if at else ""))


def moved_on(request: StaffRequest, match: Match) -> HttpResponse:
    messages.info(request, _("Somebody has answered this meanwhile."))
    return onward(request, match.kind)
