"""Looking: Today, the customers, one customer."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.base.notices import opened
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.desk.dates import clock
from banso.desk.forms import CustomerForm
from banso.desk.looks import last_look, look
from banso.desk.pages.customer import customer_page, trend_page
from banso.desk.pages.customers import customers_page, export_columns, export_rows, state_of
from banso.desk.pages.today import today_page
from banso.desk.rounds import refresh_one
from banso.desk.saved_views import first_view
from banso.engagements.access import engagement_or_404
from banso.talk.pages import found_comments
from banso.web.csv import csv_response
from banso.web.tables import TableState


def today(request: StaffRequest) -> HttpResponse:
    """The day's list; a fragment asked by htmx is no new look."""
    when = clock(request)
    looking = when.live and not request.htmx
    since = look(request.user, timezone.now()) if looking else last_look(request.user)
    page = today_page(
        user=request.user,
        role=request.role,
        clock=when,
        state=TableState.read(
            request.GET,
            sortable=(),
            default="",
            filters=("scope", "section", "silent", "as_of"),
            path=reverse("today"),
        ),
        since=since if when.live else None,
    )
    return render(request, "desk/today.html", {"page": page})


def customers(request: StaffRequest) -> HttpResponse:
    """The table; an address without words opens the user's first view, if one was chosen."""
    words: QueryDict = request.GET
    if not words and (view := first_view(request.user)):
        words = QueryDict(f"{view.query}&view={view.uid}")
    page = customers_page(user=request.user, role=request.role, state=state_of(words))
    return render(request, "desk/customers.html", {"page": page})


def export(request: StaffRequest) -> HttpResponseBase:
    """The table as filtered, every page of it, as CSV, in the columns it shows."""
    state = state_of(request.GET)
    header = [_("Customer name"), *(each.label for each in export_columns(state))]
    rows: Iterator[list[object]] = export_rows(request.user, state)
    return csv_response(f"{_('customers')}-{local_today()}", header, rows)


def new_customer(request: StaffRequest) -> HttpResponse:
    """One customer by hand, for whom no file exists."""
    form = CustomerForm(
        request.POST or None,
        user=request.user,
        workspace=request.workspace,
        today=local_today(),
        before=request.GET.dict(),
    )
    if request.method == "POST" and form.is_valid():
        engagement = form.add(by=request.user)
        refresh_one(engagement)
        messages.success(request, _("The customer is added."))
        if "another" in request.POST:
            return redirect(f"{reverse('new-customer')}?{urlencode(form.kept())}")
        return redirect("customer", uid=engagement.uid)
    status = 422 if form.is_bound else 200
    return render(request, "desk/new_customer.html", {"form": form}, status=status)


def search(request: StaffRequest) -> HttpResponse:
    """The search field of every page finds customers, the lost ones too."""
    found = state_of({"q": request.GET.get("q", ""), "state": "all"})
    page = customers_page(user=request.user, role=request.role, state=found)
    words = {"q": found.q, "comments": found_comments(request.user, found.q)}
    return render(request, "desk/customers.html", {"page": page, "found": words})


def customer(request: StaffRequest, uid: str) -> HttpResponse:
    engagement = engagement_or_404(request.user, uid)
    opened(request.user, engagement_id=engagement.pk)
    page = customer_page(
        engagement,
        user=request.user,
        role=request.role,
        clock=clock(request),
        state=TableState.read(
            request.GET, sortable=(), default="", filters=("as_of",), path=request.path
        ),
    )
    return render(request, "desk/customer.html", {"page": page})


def trend(request: StaffRequest, uid: str) -> HttpResponse:
    """The gap on 26 weekly days: a fragment of the customer's page, or a page of its own."""
    engagement = engagement_or_404(request.user, uid)
    page = trend_page(engagement, clock(request))
    template = "desk/trend.html" if request.htmx else "desk/trend_page.html"
    return render(request, template, {"page": page})
