"""Correcting a customer's own record, and that of somebody at a customer's."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.engagements import actions
from banso.engagements.access import engagement_or_404, require_write
from banso.engagements.models import Engagement
from banso.engagements.pages import PersonPage, RecordPage
from banso.engagements.record_forms import person_form, record_form
from banso.parties.models import Membership


def record(request: StaffRequest, uid: str) -> HttpResponse:
    """The customer's name and master data."""
    engagement = changeable(request, uid)
    form = record_form(request.POST if request.method == "POST" else None, engagement.party)
    if form.is_bound and form.is_valid():
        actions.correct_record(engagement=engagement, card=form.card(), by=request.user)
        messages.success(request, _("The record is saved."))
        return redirect("customer-details", uid=uid)
    page = RecordPage(uid, engagement.party.name, form)
    status = 422 if form.is_bound else 200
    return render(request, "engagements/record.html", {"page": page}, status=status)


def person(request: StaffRequest, uid: str, person: str) -> HttpResponse:
    """Somebody at the customer's."""
    engagement = changeable(request, uid)
    rows = Membership.objects.select_related("person__person")
    found = get_object_or_404(
        rows, home=engagement.party_id, person__uid=person, person__merged_into=None
    )
    form = person_form(request.POST if request.method == "POST" else None, found)
    if form.is_bound and form.is_valid():
        actions.correct_person(
            engagement=engagement,
            membership=found,
            card=form.card(),
            place=form.place(),
            by=request.user,
        )
        messages.success(request, _("The record is saved."))
        return redirect("customer", uid=uid)
    page = PersonPage(uid, engagement.party.name, form)
    status = 422 if form.is_bound else 200
    return render(request, "engagements/person_record.html", {"page": page}, status=status)


def changeable(request: StaffRequest, uid: str) -> Engagement:
    engagement = engagement_or_404(request.user, uid)
    require_write(request.user, request.role, engagement)
    return engagement
