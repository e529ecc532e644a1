"""Looking at a team's work: Monday, the portfolio, and what is promised."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from banso.base.routes import StaffRequest
from banso.desk.dates import clock
from banso.desk.pages.monday import monday_page
from banso.desk.pages.portfolio import SORTS, portfolio_page
from banso.desk.pages.promises import promises_page
from banso.web.tables import TableState


def portfolio(request: StaffRequest) -> HttpResponse:
    """Every owner's book beside the others'."""
    state = TableState.read(
        request.GET,
        sortable=SORTS.keys(),
        default="-stake",
        filters=("team",),
        path=reverse("portfolio"),
    )
    page = portfolio_page(user=request.user, state=state)
    return render(request, "desk/portfolio.html", {"page": page})


def monday(request: StaffRequest) -> HttpResponse:
    """The page for the lead's meeting, on one A4."""
    state = TableState.read(
        request.GET, sortable=(), default="", filters=("team", "as_of"), path=reverse("monday")
    )
    page = monday_page(user=request.user, clock=clock(request), state=state)
    return render(request, "desk/monday.html", {"page": page})


def promises(request: StaffRequest) -> HttpResponse:
    """Open next steps, whoever owns them."""
    state = TableState.read(
        request.GET, sortable=(), default="", filters=("owner", "due"), path=reverse("promises")
    )
    page = promises_page(user=request.user, role=request.role, state=state)
    return render(request, "desk/promises.html", {"page": page})
