"""Success plans and standards: read, write, take, agree; why; the look-back."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from banso.base.roles import MANAGERS
from banso.base.routes import StaffRequest
from banso.base.workspace import day_asked, local_today
from banso.engagements.access import engagement_or_404, may_write, require_write
from banso.engagements.models import Engagement
from banso.goals.actions import (
    MOST_TARGETS,
    Purpose,
    Refused,
    adopt_standard,
    agree,
    goal_of,
    problems_of,
    share,
    write_plan,
)
from banso.goals.adoption import adoption
from banso.goals.drafts import drafts_of, own_targets, taken_targets, values_now
from banso.goals.forms import (
    AgreementForm,
    PurposeForm,
    TargetRows,
    Typed,
    begun,
    one_row,
    people_at,
    target_rows,
)
from banso.goals.models import Goal
from banso.goals.pages.lookback import lookback_page
from banso.goals.pages.now import statement_on
from banso.goals.pages.plan import plan_page
from banso.goals.pages.standards import standard_page, standards_page
from banso.goals.pages.why import why_page
from banso.goals.plans import PlanTarget, standards
from banso.goals.proposals import propose_targets
from banso.goals.refresh import refresh_standings
from banso.goals.slots import propose_slot, slot_or_404
from banso.metrics.models import Metric


def plan(request: StaffRequest, uid: str) -> HttpResponse:
    """One customer's plan; the button `take` adds what is proposed to what was typed, ?metric=
    begins a target of that metric."""
    engagement = engagement_or_404(request.user, uid)
    today = local_today()
    own = own_targets(engagement, today)
    if request.method != "POST":
        rows = plan_rows(engagement, own, more=asked_for(request, engagement, own))
        return plan_answer(request, engagement, purpose_form(engagement, today), own, rows=rows)
    require_write(request.user, request.role, engagement)
    purpose, rows = (
        purpose_form(engagement, today, request.POST),
        plan_rows(engagement, own, request.POST),
    )
    if purpose.is_valid() and rows.is_valid():
        proposed = propose_targets(engagement.segment, today)
        taken = taken_targets(request.POST.get("take", ""), proposed, today, engagement)
        try:
            write_plan(
                engagement=engagement,
                by=request.user,
                purpose=Purpose(**purpose.cleaned_data),
                targets=drafts_of(rows, own, taken),
            )
        except Refused as refusal:
            rows.refuse(refusal)
        else:
            refresh_standings([engagement.pk])
            messages.success(request, _("The plan is saved."))
            return redirect("plan", uid=uid)
    return plan_answer(request, engagement, purpose, own, rows=rows, status=422)


def plan_answer(
    request: StaffRequest,
    engagement: Engagement,
    purpose: PurposeForm,
    own: Sequence[PlanTarget],
    *,
    rows: TargetRows | None = None,
    agreement: AgreementForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today = local_today()
    blank = AgreementForm(people=people_at(engagement.party, today), today=today)
    page = plan_page(
        engagement,
        today,
        may_write=may_write(request.user, request.role, engagement),
        purpose=purpose,
        rows=rows or plan_rows(engagement, own),
        agreement=agreement or blank,
    )
    return render(request, "goals/plan.html", {"page": page}, status=status)


def plan_rows(
    engagement: Engagement,
    own: Sequence[PlanTarget],
    data: Typed = None,
    more: Sequence[Mapping[str, object]] = (),
) -> TargetRows:
    return target_rows(own, data, whose={"customer": engagement.uid}, more=more)


def asked_for(
    request: StaffRequest, engagement: Engagement, own: Sequence[PlanTarget]
) -> list[Mapping[str, object]]:
    """The row of the metric in ?metric=, where the plan has room and no target of it."""
    uid, today = request.GET.get("metric", ""), local_today()
    metric = Metric.objects.filter(uid=uid, retired_at=None).first() if uid else None
    taken = {each.key for each in own}
    if metric is None or metric.key in taken or len(own) == MOST_TARGETS:
        return []
    now = values_now(engagement, [metric.key], today)
    return [begun(metric, now, propose_targets(engagement.segment, today))]


def purpose_form(engagement: Engagement, today: date, data: Typed = None) -> PurposeForm:
    goal = Goal.objects.filter(engagement=engagement).first()
    return PurposeForm(
        data,
        statement=statement_on(goal, today) if goal else None,
        people=people_at(engagement.party, today),
        today=today,
    )


def agreement(request: StaffRequest, uid: str) -> HttpResponse:
    """The plan was shared with the customer, or agreed with one of their people."""
    engagement = engagement_or_404(request.user, uid)
    require_write(request.user, request.role, engagement)
    today = local_today()
    if request.POST.get("state") == "shared":
        share(goal=goal_of(engagement), by=request.user)
        messages.success(request, _("Noted: the plan was shared."))
        return redirect("plan", uid=uid)
    form = AgreementForm(request.POST, people=people_at(engagement.party, today), today=today)
    if form.is_valid():
        try:
            agree(goal=goal_of(engagement), by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Noted: the plan is agreed."))
            return redirect("plan", uid=uid)
    own = own_targets(engagement, today)
    purpose = purpose_form(engagement, today)
    return plan_answer(request, engagement, purpose, own, agreement=form, status=422)


def target_row(request: StaffRequest) -> HttpResponse:
    """The row of a chosen metric, filled with where it is now and what the history proposes."""
    index = request.GET.get("index", "0")
    if index not in map(str, range(MOST_TARGETS)):
        raise Http404
    uid = request.GET.get(f"targets-{index}-metric", "")
    metric = Metric.objects.filter(uid=uid, retired_at=None).first()
    customer, today = request.GET.get("customer", ""), local_today()
    engagement = engagement_or_404(request.user, customer) if customer else None
    if engagement is None:
        slot = slot_or_404(request.user, request.GET.dict())
        proposed, whose = propose_slot(slot, today), slot.words
    else:
        proposed, whose = propose_targets(engagement.segment, today), {"customer": customer}
    now = values_now(engagement, [metric.key] if metric else [], today)
    row = one_row(int(index), metric, now, proposed, whose)
    return render(request, "goals/_row.html", {"form": row, "customer": customer})


def plans(request: StaffRequest) -> HttpResponse:
    page = standards_page(request.user, local_today(), may_write=request.role in MANAGERS)
    return render(request, "goals/standards.html", {"page": page})


def standard(request: StaffRequest) -> HttpResponse:
    """The standard of ?segment= and ?stage= (neither: everyone's); `take` as for a plan."""
    words = request.POST if request.method == "POST" else request.GET
    slot, today = slot_or_404(request.user, words.dict()), local_today()
    written = standards(today).get(slot.key)
    own = written.targets if written else ()
    data = request.POST if request.method == "POST" else None
    rows = target_rows(own, data, whose=slot.words)
    preview = request.POST.get("preview", "")
    if request.method == "POST" and rows.is_valid():
        taken = taken_targets(
            request.POST.get("take", "") or preview, propose_slot(slot, today), today
        )
        drafts = drafts_of(rows, own, taken)
        if preview and not (problems := problems_of(drafts)):
            effect = adoption(slot, drafts, request.user, today) if drafts else None
            page = standard_page(slot, today, rows, effect)
            return render(request, "goals/standard.html", {"page": page})
        try:
            if preview:
                raise Refused(*problems)
            adopt_standard(segment=slot.segment, stage=slot.stage, by=request.user, targets=drafts)
        except Refused as refusal:
            rows.refuse(refusal)
        else:
            refresh_standings()
            messages.success(request, _("The standard is saved; every list follows it now."))
            return redirect("plans")
    page = standard_page(slot, today, rows)
    status = 422 if request.method == "POST" else 200
    return render(request, "goals/standard.html", {"page": page}, status=status)


def why(request: StaffRequest, uid: str) -> HttpResponse:
    engagement = engagement_or_404(request.user, uid)
    as_of, live = looked_from(request)
    page = why_page(engagement, as_of, live=live, in_full=request.GET.get("metric", ""))
    return render(request, "goals/why.html", {"page": page})


def lookback(request: StaffRequest) -> HttpResponse:
    as_of, _live = looked_from(request)
    page = lookback_page(request.user, as_of)
    partial = request.htmx and page.running is not None
    return render(
        request, "goals/_running.html" if partial else "goals/lookback.html", {"page": page}
    )


def looked_from(request: StaffRequest) -> tuple[date, bool]:
    """The day in ?as_of=, today for none, an unreadable one or one to come; and whether today."""
    as_of = day_asked(request.GET.get("as_of", ""))
    return as_of, as_of == local_today()
