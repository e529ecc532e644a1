"""Answers of the page: the question in the address, the page, the file."""

from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.explore.forms import CONDITIONS
from banso.explore.pages import Result, explore_page, form_of
from banso.web.csv import csv_response


def explore(request: StaffRequest) -> HttpResponse:
    """A question and its answer; all of it stands in the address."""
    today = local_today(request.workspace)
    form = form_of(request.GET, today)
    building = request.htmx.target == CONDITIONS
    page = explore_page(form, request.user, request.role, today, asking=building)
    answer = render(request, "explore/explore.html", {"page": page})
    if request.htmx and not building:
        answer.headers["HX-Push-Url"] = f"{reverse('explore')}?{page.query}"
    return answer


def export(request: StaffRequest) -> HttpResponseBase:
    """The answer as CSV; a question that cannot be answered leads back to its page."""
    today = local_today(request.workspace)
    page = explore_page(form_of(request.GET, today), request.user, request.role, today)
    if page.result is None:
        return redirect(f"{reverse('explore')}?{page.query}")
    columns = [each.name for each in page.result.columns]
    header = [_("First day"), _("Last day"), _("Whole period"), *columns]
    return csv_response(f"explore-{today}", header, rows(page.result))


def rows(result: Result) -> Iterator[list[object]]:
    for n, period in enumerate(result.periods):
        whole = _("yes") if result.whole.steps[n].whole else _("no")
        values = [series.steps[n].value for series in result.columns]
        yield [period.first, period.last, whole, *values]
