"""Answers of the pages of a relationship's facts: access, form, action, response."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.engagements import actions, after
from banso.engagements.access import (
    engagement_or_404,
    engagements,
    may_restrict,
    require_write,
    staff_to_name,
)
from banso.engagements.forms import (
    ContractForm,
    DetailsForm,
    EndForm,
    PersonForm,
    RateForm,
    ReadersForm,
    initial_of,
)
from banso.engagements.models import Contract, Engagement
from banso.engagements.pages import (
    ContractPage,
    PersonPage,
    details_page,
    rates_page,
    readers_page,
)
from banso.engagements.values import currencies_without_rate


def details(request: StaffRequest, uid: str) -> HttpResponse:
    """Owner, segment and touch; the contracts; the end."""
    engagement = writable_or_403(request, uid)
    form = DetailsForm(posted(request), engagement=engagement)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        actions.assign_owner(engagement=engagement, owner=told["owner"], by=request.user)
        actions.sort_into(
            engagement=engagement,
            segment=told["segment"].strip(),
            touch=told["touch"],
            by=request.user,
        )
        actions.index_engagements([engagement.pk])
        return done(request, engagement, _("The details are saved."))
    return show_details(request, engagement, form)


def readers(request: StaffRequest, uid: str) -> HttpResponse:
    """All colleagues read the customer, or only those named."""
    engagement = writable_or_403(request, uid)
    if not may_restrict(request.user, request.role, engagement):
        raise PermissionDenied
    form = ReadersForm(posted(request), engagement=engagement, staff=staff_to_name(engagement))
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        if not told["restricted"]:
            actions.open_up(engagement=engagement, by=request.user)
            return done(request, engagement, _("All colleagues read this customer."))
        reason, named = told["reason"].strip(), list(told["readers"])
        actions.restrict(engagement=engagement, reason=reason, readers=named, by=request.user)
        return done(request, engagement, _("Only those named read this customer now."))
    page = readers_page(engagement, form)
    return render(request, "engagements/readers.html", {"page": page}, status=status_of(form))


def end(request: StaffRequest, uid: str) -> HttpResponse:
    """The relationship is over from a day; or, where it was, it goes on."""
    engagement = writable_or_403(request, uid)
    if engagement.ended_on is not None:
        actions.resume_engagement(engagement=engagement, by=request.user)
        return done(request, engagement, _("The customer is in the lists again."))
    today = local_today(request.workspace)
    form = EndForm(request.POST, engagement=engagement, today=today)
    if not form.is_valid():
        return show_details(request, engagement, DetailsForm(engagement=engagement), form)
    actions.end_engagement(engagement=engagement, on=form.cleaned_data["on"], by=request.user)
    return done(request, engagement, _("The customer leaves the lists. What was recorded stays."))


def new_contract(request: StaffRequest, uid: str) -> HttpResponse:
    return edit_contract(request, writable_or_403(request, uid), None)


def contract(request: StaffRequest, uid: str) -> HttpResponse:
    mine = engagements(request.user)
    found = get_object_or_404(Contract.objects.filter(engagement__in=mine), uid=uid)
    require_write(request.user, request.role, found.engagement)
    return edit_contract(request, found.engagement, found)


def edit_contract(
    request: StaffRequest, engagement: Engagement, found: Contract | None
) -> HttpResponse:
    initial = initial_of(found, request.workspace.currency)
    form = ContractForm(posted(request), initial=initial)
    if form.is_bound and form.is_valid():
        if found is None:
            actions.add_contract(engagement=engagement, sheet=form.sheet(), by=request.user)
        else:
            actions.change_contract(contract=found, sheet=form.sheet(), by=request.user)
        return done(request, engagement, _("The contract is saved."))
    name, uid = engagement.party.name, found.uid if found else ""
    page = ContractPage(engagement.uid, name, uid, form)
    return render(request, "engagements/contract.html", {"page": page}, status=status_of(form))


def new_person(request: StaffRequest, uid: str) -> HttpResponse:
    """Somebody at the customer's, for whom no file exists."""
    engagement = writable_or_403(request, uid)
    form = PersonForm(posted(request), engagement=engagement)
    if form.is_bound and form.is_valid():
        title = form.cleaned_data["title"].strip()
        actions.add_person(engagement=engagement, card=form.card(), title=title, by=request.user)
        messages.success(request, _("The person is added."))
        return redirect("new-person" if "another" in request.POST else "customer", uid=uid)
    page = PersonPage(uid, engagement.party.name, form)
    return render(request, "engagements/person.html", {"page": page}, status=status_of(form))


def rates(request: StaffRequest) -> HttpResponse:
    """Exchange rates by day."""
    today, own = local_today(request.workspace), request.workspace.currency
    used = next(iter(sorted(currencies_without_rate(today))), "")
    form = RateForm(posted(request), own=own, today=today, used=used)
    if form.is_bound and form.is_valid():
        actions.set_rate(**form.cleaned_data, by=request.user)
        after.announce(None)
        messages.success(request, _("The rate is saved."))
        return redirect("exchange-rates")
    page = rates_page(own, form, today)
    return render(request, "engagements/rates.html", {"page": page}, status=status_of(form))


def show_details(
    request: StaffRequest, engagement: Engagement, form: DetailsForm, end: EndForm | None = None
) -> HttpResponse:
    today: date = local_today(request.workspace)
    ending = end or EndForm(engagement=engagement, today=today)
    allowed = may_restrict(request.user, request.role, engagement)
    page = details_page(engagement, form, ending, today=today, may_restrict=allowed)
    status = max(status_of(form), status_of(ending))
    return render(request, "engagements/details.html", {"page": page}, status=status)


def done(request: StaffRequest, engagement: Engagement, said: str) -> HttpResponse:
    """Tell who rests on it, say it, and show the customer's facts."""
    after.announce([engagement.pk])
    messages.success(request, said)
    return redirect("customer-details", uid=engagement.uid)


def writable_or_403(request: StaffRequest, uid: str) -> Engagement:
    engagement = engagement_or_404(request.user, uid)
    require_write(request.user, request.role, engagement)
    return engagement


def posted(request: StaffRequest) -> dict[str, str] | None:
    return request.POST if request.method == "POST" else None


def status_of(form: Form) -> int:
    return 422 if form.is_bound and form.errors else 200
