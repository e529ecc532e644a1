"""Stages: the board, the program, moving one and many."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.tasks import task
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.actions.streams import contacts_by
from banso.base.fields import localized
from banso.base.models import User
from banso.base.pacing import paced
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.core.conditions import All, load
from banso.engagements import after
from banso.engagements.access import engagement_or_404, may_write, require_write
from banso.engagements.models import Engagement
from banso.goals.forms_stages import (
    TEMPLATE,
    WORDS,
    MoveForm,
    PlaceForm,
    ProgramForm,
    program_initial,
    stage_rows,
)
from banso.goals.models import Program, Stage
from banso.goals.pages.stages import StagePanel, stage_panel, stages_of, stages_page
from banso.goals.segments import standings
from banso.goals.stage_actions import NotMoved, move, write_program
from banso.metrics.segments import segments_in_use
from banso.web.formats import language

AT_ONCE = 200


def stages(request: StaffRequest) -> HttpResponse:
    page = stages_page(request.user, request.role)
    return render(request, "goals/stages/stages.html", {"page": page})


def template(request: StaffRequest) -> HttpResponse:
    """The usual three stages, to be changed."""
    if not Program.objects.filter(kind=Engagement.Kind.CUSTOMER).exists():
        name = {"ja": "お客様の歩み", "en": "The customer's journey"}
        write_program(name=name, stages=TEMPLATE, by=request.user)
        messages.success(request, _("The stages are there. Name them as you do, and set criteria."))
    return redirect("program")


def program(request: StaffRequest) -> HttpResponse:
    """The stages, their names, order, grace and whether they move on by themselves."""
    found = Program.objects.filter(kind=Engagement.Kind.CUSTOMER).first()
    data = request.POST if request.method == "POST" else None
    form = ProgramForm(data, initial=program_initial(found, local_today()))
    rows = stage_rows(stages_of(found), data)
    if data is not None and form.is_valid() and rows.is_valid():
        try:
            write_program(
                name=form.name(),
                stages=rows.sheets(),
                by=request.user,
                starts_on=form.cleaned_data["starts_on"],
            )
        except NotMoved as refusal:
            form.add_error(None, WORDS[refusal.code])
        else:
            after.announce(None)
            messages.success(request, _("The stages are saved."))
            return redirect("stages")
    context = {"form": form, "rows": rows, "program": found}
    status = 422 if form.is_bound else 200
    return render(request, "goals/stages/program.html", context, status=status)


def move_one(request: StaffRequest, uid: str) -> HttpResponse:
    """Move one customer, with a note and the contact it was decided in."""
    engagement = engagement_or_404(request.user, uid)
    require_write(request.user, request.role, engagement)
    today = local_today()
    panel = panel_of(request, engagement, today)
    data = request.POST if request.method == "POST" else None
    form = move_form(panel, today, data)
    if form.is_bound and form.is_valid():
        try:
            moved = move(engagements=[engagement], by=request.user, **form.cleaned_data)
        except NotMoved as refusal:
            form.refuse(refusal.code)
        else:
            after.announce([engagement.pk])
            messages.success(
                request, said(form.cleaned_data["stage"]) if moved else _("Already there.")
            )
            return redirect("customer", uid=uid)
    context = {"panel": panel, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "goals/stages/move.html", context, status=status)


def move_form(panel: StagePanel, today: date, data: Any) -> MoveForm:
    engagement = panel.engagement
    recent = contacts_by(today, [engagement.pk]).order_by("-occurred_at", "-id")
    known = recent.values_list("pk", flat=True)[:20]
    return MoveForm(
        data,
        stages=Stage.objects.filter(pk__in=[each.pk for each in panel.stages]),
        contacts=recent.model.objects.filter(pk__in=list(known)).order_by("-occurred_at"),
        today=today,
        suggested=panel.following,
    )


def panel_of(request: StaffRequest, engagement: Engagement, today: date) -> StagePanel:
    """Http404 where this kind of relationship has no stages."""
    may = may_write(request.user, request.role, engagement)
    panel = stage_panel(engagement, today, may_move=may)
    if panel is None:
        raise Http404
    return panel


def place(request: StaffRequest) -> HttpResponse:
    """Many into a stage: of a segment, else all who are in none; a long list by a job."""
    form = PlaceForm(request.POST, stages=Stage.objects.filter(retired_at=None))
    if not form.is_valid():
        messages.error(request, _("Choose a stage."))
        return redirect("stages")
    stage, uid = form.cleaned_data["stage"], form.cleaned_data["segment"]
    segment = get_object_or_404(segments_in_use(request.user), uid=uid) if uid else None
    condition = load(segment.condition) if segment else All()
    rows = standings(condition, request.user).exclude(stage=stage)
    found = rows if segment else rows.filter(stage=None)
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    words = {"stage": stage.pk, "by": request.user.pk}
    if len(ids) > AT_ONCE:
        place_many.enqueue(ids=ids, **words)
        messages.success(request, _("They are being moved in the background."))
    else:
        moved = place_some(ids, **words)
        told = ngettext("%(n)s customer moved.", "%(n)s customers moved.", moved) % {"n": moved}
        messages.success(request, told)
    return redirect(reverse("stages"))


@task
def place_many(*, ids: list[int], stage: int, by: int) -> int:
    return place_some(ids, stage=stage, by=by)


def place_some(ids: list[int], *, stage: int, by: int) -> int:
    """Each into the stage as of today, in short transactions; those that moved later stay."""
    into, user = Stage.objects.get(pk=stage), User.objects.get(pk=by)
    moved = 0
    for chunk in paced(ids):
        engagements = Engagement.objects.filter(pk__in=chunk)
        moved += move(engagements=engagements, stage=into, by=user)
        after.announce(chunk)
    return moved


def said(stage: Stage | None) -> str:
    if stage is None:
        return _("The customer left the program.")
    name = localized(stage.name, language())
    return _("The customer is in “%(name)s” now.") % {"name": name}
