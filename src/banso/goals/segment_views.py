"""Segments: the list, one, making, changing, copying, retiring, the order."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.core.conditions import load
from banso.engagements import after
from banso.goals.forms_segments import SegmentForm, initial_of
from banso.goals.pages.segments import (
    builder_page,
    may_change,
    name_of,
    segment_page,
    segments_page,
)
from banso.goals.segments import holds_standards, keep
from banso.metrics import segment_actions as actions
from banso.metrics.condition_form import ConditionForm
from banso.metrics.fields import fields
from banso.metrics.models import Segment
from banso.metrics.segments import of_today


def segments(request: StaffRequest) -> HttpResponse:
    page = segments_page(request.user, request.role)
    return render(request, "goals/segments/segments.html", {"page": page})


def segment(request: StaffRequest, uid: str) -> HttpResponse:
    found = segment_or_404(request, uid)
    page = segment_page(found, request.user, request.role)
    return render(request, "goals/segments/segment.html", {"page": page})


def new(request: StaffRequest) -> HttpResponse:
    return build(request, None)


def edit(request: StaffRequest, uid: str) -> HttpResponse:
    return build(request, own_segment(request, uid))


def build(request: StaffRequest, found: Segment | None) -> HttpResponse:
    """The builder with its count; POST saves, unless only the builder or the count was asked."""
    typed = request.POST if request.method == "POST" else None
    asking = typed is not None and "preview" in typed
    form = SegmentForm(typed, initial=initial_of(found) if found else None)
    conditions = ConditionForm(
        typed, fields=fields(), condition=load(found.condition) if found else None
    )
    if typed is not None and not asking and not conditions.acted:
        if all([form.is_valid(), conditions.is_valid(), keeps_standards(found, conditions)]):
            return save(request, found, form, conditions)
        status = 422
    else:
        form = unmarked(form, found)
        status = 200
    page = builder_page(found, form, conditions, request.user)
    return render(request, "goals/segments/builder.html", {"page": page}, status=status)


def unmarked(form: SegmentForm, found: Segment | None) -> SegmentForm:
    """What was typed so far, without a word about what is missing."""
    typed = {name: form[name].value() for name in form.fields} if form.is_bound else {}
    return SegmentForm(initial=(initial_of(found) if found else {}) | typed)


def keeps_standards(found: Segment | None, conditions: ConditionForm) -> bool:
    """A segment with a standard must be known of any day."""
    if found is None or not holds_standards(found) or not of_today(conditions.condition):
        return True
    conditions.error = _(
        "A standard rests on this segment, so it cannot ask where customers stand (gap, health, "
        "stake): the standard would decide about its own members."
    )
    return False


def save(
    request: StaffRequest, found: Segment | None, form: SegmentForm, conditions: ConditionForm
) -> HttpResponse:
    sheet = form.sheet(conditions.condition)
    if found is None:
        found = actions.make_segment(sheet=sheet, by=request.user)
        messages.success(request, _("The segment is made."))
    else:
        actions.revise_segment(segment=found, sheet=sheet, by=request.user)
        messages.success(request, _("The segment is changed."))
    follow_up(found)
    return redirect("segment", uid=found.uid)


def follow_up(found: Segment) -> None:
    """Its figures of today, and where customers stand, if a standard of it counts for them."""
    keep(found, local_today())
    if holds_standards(found):
        after.announce(None)


def duplicate(request: StaffRequest, uid: str) -> HttpResponse:
    found = segment_or_404(request, uid)
    name = {code: f"{text} (2)" for code, text in found.name.items() if text}
    copy = actions.duplicate_segment(segment=found, by=request.user, name=name)
    messages.success(request, _("This is the copy: give it a name and change it."))
    return redirect("segment-edit", uid=copy.uid)


def retire(request: StaffRequest, uid: str) -> HttpResponse:
    """Put a segment out of use, or into use again."""
    found = own_segment(request, uid)
    if found.retired_at is None:
        actions.retire_segment(segment=found, by=request.user)
        said = _("The segment “%(name)s” is retired. It can be restored below.")
    else:
        actions.restore_segment(segment=found, by=request.user)
        said = _("The segment “%(name)s” is in use again.")
    follow_up(found)
    messages.success(request, said % {"name": name_of(found)})
    return redirect("segments")


def order(request: StaffRequest) -> HttpResponse:
    """One segment a place up or down."""
    uids = list(Segment.objects.filter(retired_at=None).values_list("uid", flat=True))
    uid, step = request.POST.get("uid", ""), -1 if request.POST.get("to") == "up" else 1
    if uid not in uids:
        raise Http404
    place = uids.index(uid)
    other = min(max(place + step, 0), len(uids) - 1)
    uids[place], uids[other] = uids[other], uids[place]
    actions.order_segments(uids=uids, by=request.user)
    after.announce(None)
    return redirect("segments")


def segment_or_404(request: StaffRequest, uid: str) -> Segment:
    """A segment that the user sees, retired ones too."""
    found = Segment.objects.filter(uid=uid).first()
    if found is None or not (found.shared or found.created_by_id == request.user.pk):
        raise Http404
    return found


def own_segment(request: StaffRequest, uid: str) -> Segment:
    """A segment that the user may change; PermissionDenied for one they only see."""
    found = segment_or_404(request, uid)
    if not may_change(found, request.user, request.role):
        raise PermissionDenied
    return found
