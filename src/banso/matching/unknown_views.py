"""Requests about those whom products name and nobody knows."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.ingest import deciding
from banso.ingest.models import Claim, Subject
from banso.matching.finding import propose
from banso.matching.unknown import chosen_or_404, last_no, one_or_404, unknown_page


def unknown(request: StaffRequest) -> HttpResponse:
    """The questions that wait, one in full."""
    page = unknown_page(request.user, request.role, request.GET.get("at", ""))
    template = "matching/_unknown.html" if request.htmx else "matching/unknown.html"
    return render(request, template, {"page": page})


def decide(request: StaffRequest, uid: str) -> HttpResponse:
    """One is answered; the next is shown at once."""
    one, verb = one_or_404(request.user, uid), request.POST.get("verb", "")
    if one is None:
        messages.info(request, _("Somebody has answered this meanwhile."))
        return onward(request)
    try:
        if verb == "later":
            deciding.put_off(one=one)
        elif isinstance(one, Claim):
            return of_claim(request, one, verb)
        else:
            of_subject(request, one, verb)
    except deciding.Refused:
        words = _("That cannot be done: a person can be added once their account is known.")
        messages.error(request, words)
        return onward(request, uid)
    return onward(request)


def of_subject(request: StaffRequest, one: Subject, verb: str) -> None:
    match verb:
        case "add":
            deciding.take_in(subject=one, by=request.user)
            messages.success(request, _("Added; what came before counts as well."))
        case "same":
            uid = request.POST.get("one", "")
            chosen = chosen_or_404(one, uid, request.user, request.role)
            deciding.recognise(subject=one, one=chosen, by=request.user)
            messages.success(request, _("Known from now on; what came before counts as well."))
        case "no":
            deciding.leave_out(subject=one, by=request.user)
            messages.success(request, _("Left out; it will not be asked again."))
        case _:
            raise BadRequest("verb")


def of_claim(request: StaffRequest, one: Claim, verb: str) -> HttpResponse:
    match verb:
        case "add":
            pair = deciding.confirm(claim=one, by=request.user)
            if pair is not None:
                return to_merging(request, propose(*pair).uid)
            messages.success(request, _("Counted as one person from now on."))
        case "no":
            deciding.reject(claim=one, by=request.user)
            messages.success(request, _("Kept apart. Press u to take it back."))
        case _:
            raise BadRequest("verb")
    return onward(request)


def to_merging(request: StaffRequest, uid: str) -> HttpResponse:
    """Two people we know are compared before they are made one."""
    address = f"{reverse('matches')}?kind=person&at={uid}"
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def undo(request: StaffRequest) -> HttpResponse:
    """The last no of the user is taken back."""
    claim = last_no(request.user)
    if claim is None:
        return onward(request)
    deciding.reconsider(claim=claim, by=request.user)
    messages.success(request, _("Taken back."))
    return onward(request, claim.uid)


def onward(request: StaffRequest, at: str = "") -> HttpResponse:
    if request.htmx:
        page = unknown_page(request.user, request.role, at)
        return render(request, "matching/_unknown_next.html", {"page": page})
    return redirect(f"{reverse('unknown')}?at={at}" if at else reverse("unknown"))
