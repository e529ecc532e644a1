"""Answers of the metric pages: access, form, action, response."""

from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.base.fields import localized
from banso.base.routes import StaffRequest
from banso.base.workspace import EARLIEST, local_today
from banso.core.parsing import parse_date
from banso.engagements import after
from banso.engagements.access import Scope, engagement_or_404, require_write
from banso.metrics import actions, builder, entering, pages
from banso.metrics.forms import MetricForm
from banso.metrics.models import Metric
from banso.web.csv import csv_response
from banso.web.formats import language
from banso.web.tables import TableState


def metrics(request: StaffRequest) -> HttpResponse:
    """All metrics and how their latest values lie."""
    page = pages.metrics_page(request.user, request.role, local_today(request.workspace))
    return render(request, "metrics/metrics.html", {"page": page})


def start(request: StaffRequest) -> HttpResponse:
    """Define the metrics that the data at hand suggests."""
    today = local_today(request.workspace)
    made = actions.starter(today, by=request.user)
    bring_up_to_date(today, [metric.key for metric in made])
    said = ngettext("%(n)s metric is measured now.", "%(n)s metrics are measured now.", len(made))
    messages.success(request, said % {"n": len(made)})
    return redirect("metrics")


def new(request: StaffRequest) -> HttpResponse:
    return build(request, None)


def edit(request: StaffRequest, uid: str) -> HttpResponse:
    return build(request, get_object_or_404(Metric, uid=uid))


def build(request: StaffRequest, metric: Metric | None) -> HttpResponse:
    """The form with its preview; POST saves, unless only the preview was asked for."""
    today = local_today(request.workspace)
    data = request.POST if request.method == "POST" else request.GET or None
    preview = request.method == "GET" or "preview" in request.POST
    form = builder.form_for(metric, data, today, preview=preview)
    preview = preview or form.acted()
    if form.is_bound and form.is_valid() and not preview:
        return save(request, metric, form, today)
    page = builder.builder_page(metric, form, request.user, today)
    status = 422 if form.errors and not preview else 200
    return render(request, "metrics/builder.html", {"page": page}, status=status)


def save(
    request: StaffRequest, metric: Metric | None, form: MetricForm, today: date
) -> HttpResponse:
    if metric is None:
        metric = actions.define_metric(sheet=form.sheet(), by=request.user)
        messages.success(request, _("The metric is defined."))
    else:
        actions.revise_metric(metric=metric, sheet=form.sheet(), by=request.user)
        messages.success(request, _("The metric is changed."))
    bring_up_to_date(today, [metric.key])
    return redirect("metric", uid=metric.uid)


def metric(request: StaffRequest, uid: str) -> HttpResponse:
    """One metric on a day."""
    found = get_object_or_404(Metric, uid=uid)
    today = local_today(request.workspace)
    page = pages.metric_page(
        found,
        request.user,
        request.role,
        state_of(request),
        as_of=as_of_day(request, today),
        today=today,
    )
    return render(request, "metrics/metric.html", {"page": page})


def history(request: StaffRequest, uid: str) -> HttpResponse:
    """The last 26 weeks of a metric; a region of its page, or a page of its own."""
    found = get_object_or_404(Metric, uid=uid)
    today = local_today(request.workspace)
    page = pages.history_page(found, request.user, as_of_day(request, today))
    template = "metrics/_history.html" if request.htmx else "metrics/history.html"
    return render(request, template, {"page": page})


def export(request: StaffRequest, uid: str) -> HttpResponseBase:
    """The values of a day as CSV."""
    found = get_object_or_404(Metric, uid=uid)
    as_of = as_of_day(request, local_today(request.workspace))
    rows = pages.in_order(pages.customer_lines(found, request.user, as_of), state_of(request))
    header = [_("Customer"), _("As of"), localized(found.name, language())]
    cells: Iterator[list[object]] = ([row.name, as_of, row.value] for row in rows)
    return csv_response(f"{found.key}-{as_of}", header, cells)


def retire(request: StaffRequest, uid: str) -> HttpResponse:
    """Put a metric out of use, or into use again."""
    found = get_object_or_404(Metric, uid=uid)
    if found.retired_at is None:
        actions.retire_metric(metric=found, by=request.user)
        messages.success(request, _("The metric is retired. What was measured stays."))
    else:
        actions.restore_metric(metric=found, by=request.user)
        messages.success(request, _("The metric is in use again."))
    bring_up_to_date(local_today(request.workspace), [found.key])
    return redirect("metric", uid=uid)


def enter(request: StaffRequest, uid: str) -> HttpResponse:
    """Type a whole column of values; what is wrong is shown and nothing is saved."""
    found = get_object_or_404(entering.typed_metrics(), uid=uid)
    today, scope = local_today(request.workspace), scope_of(request)
    data = request.POST if request.method == "POST" else None
    form = entering.ColumnForm(data, today=today)
    page = entering.grid_page(
        found, request.user, request.role, scope=scope, form=form, today=today
    )
    if not (form.is_bound and form.is_valid()) or page.wrong:
        status = 422 if form.is_bound else 200
        return render(request, "metrics/enter.html", {"page": page}, status=status)
    told = form.cleaned_data
    values = entering.changed(page, told["as_of"])
    saved = actions.enter_measurements(metric=found, values=values, by=request.user, **told)
    if saved:
        bring_up_to_date(today, [found.key], [each.engagement_id for each in values])
    said = ngettext("%(n)s value is saved.", "%(n)s values are saved.", saved) % {"n": saved}
    messages.success(request, said)
    return redirect("metric", uid=uid)


def enter_one(request: StaffRequest, uid: str) -> HttpResponse:
    """Type one value for a customer."""
    engagement = engagement_or_404(request.user, uid)
    require_write(request.user, request.role, engagement)
    today = local_today(request.workspace)
    data = request.POST if request.method == "POST" else None
    form = entering.EnterForm(data, today=today)
    if not (form.is_bound and form.is_valid()):
        context = {
            "form": form,
            "uid": uid,
            "name": engagement.party.name,
            "next": back_to(request),
        }
        status = 422 if form.is_bound else 200
        return render(request, "metrics/enter_one.html", context, status=status)
    actions.enter_measurement(engagement=engagement, by=request.user, **form.cleaned_data)
    bring_up_to_date(today, [form.cleaned_data["metric"].key], [engagement.pk])
    messages.success(request, _("The value is saved."))
    metric_uid = form.cleaned_data["metric"].uid
    return redirect(back_to(request) or reverse("metric", args=[metric_uid]))


def bring_up_to_date(today: date, keys: list[str], ids: list[int] | None = None) -> None:
    """Make latest values right at once, and tell who rests on them."""
    actions.refresh(today, ids, keys=keys)
    after.announce(ids)


def state_of(request: HttpRequest) -> TableState:
    return TableState.read(
        request.GET, sortable=pages.SORTABLE, default="-value", filters=("as_of",)
    )


def as_of_day(request: HttpRequest, today: date) -> date:
    """The day asked for, never after today; 400 for what is no day."""
    asked = request.GET.get("as_of")
    if not asked:
        return today
    found = parse_date(asked)
    if not isinstance(found, date):
        raise BadRequest("as_of")
    return min(max(found, EARLIEST), today)


def scope_of(request: HttpRequest) -> Scope:
    asked = request.GET.get("scope", "me")
    found = next((scope for scope in entering.SCOPES if scope == asked), None)
    if found is None:
        raise Http404
    return found


def back_to(request: HttpRequest) -> str:
    """The page that asked, if it is one of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return asked if ours else ""
