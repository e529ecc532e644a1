"""Support beside use."""

from django.http import HttpResponse
from django.shortcuts import render

from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.desk.pages.support import customer_support, state_of, support_page
from banso.engagements.access import engagement_or_404


def support(request: StaffRequest) -> HttpResponse:
    """The silent whom nobody supports; of a segment, its weeks."""
    page = support_page(request.user, local_today(), state_of(request.GET))
    return render(request, "desk/support.html", {"page": page})


def of_customer(request: StaffRequest, uid: str) -> HttpResponse:
    """What a customer received, beside use and gap."""
    page = customer_support(engagement_or_404(request.user, uid), local_today())
    return render(request, "desk/customer_support.html", {"page": page})
