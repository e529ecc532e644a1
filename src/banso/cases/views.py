"""Cases: the list, one, writing, publishing, consent, copying; and where they are suggested."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.cases import access, actions
from banso.cases.actions import CaseSheet
from banso.cases.copying import copy_case, draft_from_case
from banso.cases.forms import CaseForm, ConsentForm, first_error
from banso.cases.masking import WORDS
from banso.cases.models import Case
from banso.cases.pages.beside import lowering_page, suggested_page, typical_page
from banso.cases.pages.case import WritingPage, case_page
from banso.cases.pages.listing import cases_page, state_of
from banso.cases.prefill import barriers_of, sheet_of
from banso.cases.wording import refusal
from banso.engagements import after
from banso.engagements.access import engagement_or_404, require_write
from banso.plays.interventions import Refused as NotGiven
from banso.plays.models import BarrierKind, Intervention
from banso.web.formats import language


def cases(request: StaffRequest) -> HttpResponse:
    page = cases_page(request.user, state_of(request.GET))
    return render(request, "cases/cases.html", {"page": page})


def case(request: StaffRequest, uid: str) -> HttpResponse:
    found = access.case_or_404(request.user, uid)
    page = case_page(found, request.user, request.role, request.GET.get("for", ""))
    return render(request, "cases/case.html", {"page": page})


def new(request: StaffRequest, uid: str) -> HttpResponse:
    """Tell a finished intervention; what is known of it is filled in."""
    row = access.finished(request.user, request.role, uid)
    told = Case.objects.filter(intervention=row).first()
    if told is not None:
        return redirect("case", uid=told.uid)
    return write(request, row, None, sheet_of(row))


def edit(request: StaffRequest, uid: str) -> HttpResponse:
    found = access.own_case(request.user, request.role, uid)
    words = {name: getattr(found, name) for name in WORDS}
    barriers = list(found.barriers.all())
    sheet = CaseSheet(ending=found.ending, barriers=barriers, **words)
    return write(request, found.intervention, found, sheet)


def write(
    request: StaffRequest, row: Intervention, found: Case | None, sheet: CaseSheet
) -> HttpResponse:
    """The case being written; POST keeps it and, asked to, publishes it."""
    typed = request.POST if request.method == "POST" else None
    form = CaseForm(typed, sheet=sheet, among=barriers_of(row))
    if not form.is_valid():
        page = WritingPage(row, found, form)
        status = 422 if form.is_bound else 200
        return render(request, "cases/writing.html", {"page": page}, status=status)
    kept = keep(request, row, found, form.sheet())
    if "publish" in request.POST:
        actions.publish_case(case=kept, by=request.user)
    messages.success(request, _("The case is published.") if published(kept) else _("Kept."))
    return redirect("case", uid=kept.uid)


def keep(request: StaffRequest, row: Intervention, found: Case | None, sheet: CaseSheet) -> Case:
    if found is not None:
        actions.revise_case(case=found, sheet=sheet, by=request.user)
        return found
    try:
        return actions.make_case(
            intervention=row, sheet=sheet, language=language(), by=request.user
        )
    except actions.Refused:
        return Case.objects.get(intervention=row)  # told by a colleague in the same moment


def published(case: Case) -> bool:
    case.refresh_from_db()
    return case.state == "published"


def publish(request: StaffRequest, uid: str) -> HttpResponse:
    """Offer it to colleagues; with `retire`, no more."""
    found = access.own_case(request.user, request.role, uid)
    if "retire" in request.POST:
        actions.retire_case(case=found, by=request.user)
        messages.success(request, _("The case is retired."))
    else:
        actions.publish_case(case=found, by=request.user)
        messages.success(request, _("The case is published."))
    return redirect("case", uid=uid)


def consent(request: StaffRequest, uid: str) -> HttpResponse:
    """The customer agreed that it is told; with `end`, no more."""
    found = access.own_case(request.user, request.role, uid)
    form = ConsentForm(request.POST)
    if "end" in request.POST:
        actions.end_consent(case=found, by=request.user)
        messages.success(request, _("It is for colleagues only again."))
    elif form.is_valid():
        actions.note_consent(case=found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Their consent is noted."))
    else:
        messages.error(request, first_error(form))
    return redirect("case", uid=uid)


def copy(request: StaffRequest, uid: str) -> HttpResponse:
    """Give the case's play to a customer; with `draft`, draft a play from what it was."""
    found = access.case_or_404(request.user, uid)
    engagement = engagement_or_404(request.user, request.POST.get("customer", ""))
    require_write(request.user, request.role, engagement)
    if "draft" in request.POST:
        made = draft_from_case(case=found, engagement=engagement, by=request.user)
        messages.success(request, _("The play is drafted: nobody is given it yet."))
        assert made.play is not None
        return redirect("play", uid=made.play.uid)
    try:
        copy_case(case=found, engagement=engagement, by=request.user)
    except NotGiven as refused:
        messages.error(request, refusal(refused.code))
        return redirect(f"{reverse('case', args=[uid])}?for={engagement.uid}")
    after.announce([engagement.pk])
    messages.success(request, _("The play has begun: its first step stands among the actions."))
    return redirect("customer", uid=engagement.uid)


def of_customer(request: StaffRequest, uid: str) -> HttpResponse:
    """Cases for a customer: a fragment of its page, or a page of its own."""
    engagement = engagement_or_404(request.user, uid)
    page = suggested_page(engagement, request.user, request.role)
    template = "cases/_suggested.html" if request.htmx else "cases/suggested.html"
    return render(request, template, {"page": page})


def of_barrier(request: StaffRequest) -> HttpResponse:
    """Cases that lowered a kind of barrier: a fragment of the page of barriers, or its own."""
    asked = request.GET.get("kind", "")
    kind = get_object_or_404(BarrierKind, uid=asked) if asked else None
    page = lowering_page(request.user, kind)
    template = "cases/_lowering.html" if request.htmx else "cases/lowering.html"
    return render(request, template, {"page": page})


def typical(request: StaffRequest) -> HttpResponse:
    """How long effects take: a fragment beside targets, or a page of its own."""
    template = "cases/_typical.html" if request.htmx else "cases/typical.html"
    return render(request, template, {"page": typical_page()})
