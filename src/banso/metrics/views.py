"""Answers of the metric pages: access, form, action, response."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
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
from banso.base.models import User
from banso.base.routes import StaffRequest
from banso.base.workspace import EARLIEST, local_today
from banso.core.definitions import load
from banso.core.parsing import parse_date
from banso.engagements import after
from banso.engagements.access import Scope, engagement_or_404, require_write
from banso.metrics import (
    actions,
    builder,
    entering,
    pages,
    usage_page,
    version_actions,
    version_page,
)
from banso.metrics.backfill import UNDER_WAY, cancel_backfill, start_backfill
from banso.metrics.customer_values import every_line
from banso.metrics.forms import MetricForm
from banso.metrics.models import Backfill, Metric
from banso.web.csv import csv_response
from banso.web.formats import language
from banso.web.tables import TableState


def metrics(request: StaffRequest) -> HttpResponse:
    """All metrics and how their latest values lie."""
    page = pages.metrics_page(request.role, local_today(request.workspace))
    return render(request, "metrics/metrics.html", {"page": page})


def start(request: StaffRequest) -> HttpResponse:
    """Define those of the offered metrics that were chosen."""
    today, keys = local_today(request.workspace), request.POST.getlist("key")
    made = actions.accept_offers(today, keys=keys, by=request.user)
    with_history(made, request.user)
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
    sheet = form.sheet()
    if metric is None:
        metric = actions.define_metric(sheet=sheet, by=request.user)
        with_history([metric], request.user)
        messages.success(request, _("The metric is defined."))
        bring_up_to_date(today, [metric.key])
        return redirect("metric", uid=metric.uid)
    current = load(actions.current_version(metric).definition)
    words = replace(sheet, definition=current)
    actions.revise_metric(metric=metric, sheet=words, by=request.user)
    if current == sheet.definition:
        messages.success(request, _("The metric is changed."))
        return redirect("metric", uid=metric.uid)
    meaning = sheet.definition
    proposed = version_actions.propose_version(metric=metric, definition=meaning, by=request.user)
    start_backfill(versions=[proposed], by=request.user)
    return redirect("metric-version", uid=metric.uid, number=proposed.number)


def with_history(made: Sequence[Metric], by: User) -> None:
    """Compute the past of new metrics in the background."""
    if made:
        start_backfill(versions=[actions.current_version(each) for each in made], by=by)


def version(request: StaffRequest, uid: str, number: int) -> HttpResponse:
    """A changed meaning beside the one before it."""
    found = version_page.version_of(get_object_or_404(Metric, uid=uid), number)
    page = found and version_page.version_page(found, request.user, request.role)
    if not page:
        raise Http404
    return render(request, "metrics/version.html", {"page": page})


def adopt(request: StaffRequest, uid: str) -> HttpResponse:
    """Measure with the proposed meaning from now on, every past day too."""
    found = get_object_or_404(Metric, uid=uid)
    try:
        version_actions.adopt_version(metric=found, by=request.user)
    except version_actions.NoProposal:
        messages.info(request, _("There is no proposed change any more."))
        return redirect("metric", uid=uid)
    bring_up_to_date(local_today(request.workspace), [found.key])
    messages.success(request, _("The new meaning is in force."))
    return redirect("metric", uid=uid)


def withdraw(request: StaffRequest, uid: str) -> HttpResponse:
    """Drop the proposed meaning."""
    found = get_object_or_404(Metric, uid=uid)
    try:
        version_actions.withdraw_version(metric=found, by=request.user)
    except version_actions.NoProposal:
        messages.info(request, _("There is no proposed change any more."))
    else:
        messages.success(request, _("The proposed change is dropped."))
    return redirect("metric", uid=uid)


def backfill(request: StaffRequest, uid: str) -> HttpResponse:
    """Compute the past of a metric's latest version, once more or for the first time."""
    found = get_object_or_404(Metric, uid=uid)
    latest = found.versions.order_by("-number")[0]
    start_backfill(versions=[latest], by=request.user)
    return redirect(back_to(request) or reverse("metric", args=[uid]))


def stop_backfill(request: StaffRequest, uid: str) -> HttpResponse:
    """Stop computing the past of a metric."""
    found = get_object_or_404(Metric, uid=uid)
    for row in Backfill.objects.filter(versions__metric=found, status__in=UNDER_WAY).distinct():
        cancel_backfill(backfill=row, by=request.user)
    return redirect(back_to(request) or reverse("metric", args=[uid]))


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
    page = pages.history_page(found, request.role, as_of_day(request, today))
    template = "metrics/_history.html" if request.htmx else "metrics/history.html"
    return render(request, template, {"page": page})


def export(request: StaffRequest, uid: str) -> HttpResponseBase:
    """The values of a day as CSV."""
    found = get_object_or_404(Metric, uid=uid)
    as_of = as_of_day(request, local_today(request.workspace))
    rows = every_line(found, request.user, as_of)
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


def usage(request: StaffRequest, uid: str) -> HttpResponse:
    """The people of a customer, each with their own numbers."""
    engagement = engagement_or_404(request.user, uid)
    page = usage_page.usage_page(engagement, local_today(request.workspace))
    return render(request, "metrics/usage.html", {"page": page})


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
