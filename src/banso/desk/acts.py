"""Acting: a contact, a next step, done, later, no concern; and taking each back.

Each answers where it was asked: a line of Today in its place, or the customer's page.
"""

from dataclasses import dataclass, replace
from datetime import date

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django_htmx.http import reswap, retarget

from banso.actions import actions
from banso.actions.actions import Refused
from banso.actions.forms import ContactForm, SetAsideForm, StepChangeForm, StepForm
from banso.actions.models import Action, Contact, SetAside
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.desk.composer import Kind, Place, composer, people_at, writers
from banso.desk.looks import last_look
from banso.desk.rounds import refresh_one
from banso.desk.rows import Reader, rows_of
from banso.engagements.access import engagement_or_404, engagements, require_write
from banso.engagements.models import Engagement
from banso.goals.models import Standing
from banso.parties.models import Party
from banso.web.tables import page_number


@dataclass(frozen=True)
class Note:
    """What was just done, as a code of desk/note.html, and the address that takes it back."""

    code: str
    undo: str = ""
    until: date | None = None
    step: Action | None = None


def record_contact(request: StaffRequest, uid: str) -> HttpResponse:
    """Write down a contact, and what comes next."""
    engagement = changeable(request, uid)
    if request.method != "POST":
        return compose(request, "contact", engagement)
    form = contact_form(request, engagement)
    if not form.is_valid():
        return compose(request, "contact", engagement, form)
    recorded = actions.record_contact(
        engagement=engagement,
        by=request.user,
        channel=form.cleaned_data["channel"],
        occurred_at=form.occurred_at(),
        summary=form.cleaned_data["summary"],
        people=list(form.cleaned_data["people"]),
        next_step=form.next_step(),
    )
    code = "contact_and_step" if recorded.action else "contact"
    undo = reverse("contact-withdraw", args=[recorded.contact.uid])
    return done(request, engagement, Note(code, undo, step=recorded.action))


def contact_form(request: StaffRequest, engagement: Engagement) -> ContactForm:
    today = local_today()
    people = [person.person_id for person in people_at(engagement, today)]
    return ContactForm(
        request.POST,
        people=Party.objects.filter(pk__in=people),
        staff=writers(engagement),
        by=request.user,
        today=today,
    )


def withdraw_contact(request: StaffRequest, uid: str) -> HttpResponse:
    """Take a contact back that was just typed."""
    contact = get_object_or_404(
        Contact.objects.filter(engagement__in=engagements(request.user).values("pk")), uid=uid
    )
    engagement = changeable(request, contact.engagement.uid)
    try:
        actions.withdraw_contact(contact=contact, by=request.user)
    except Refused as refused:
        return done(request, engagement, Note(refused.code))
    return done(request, engagement, Note("contact_withdrawn"))


def add_step(request: StaffRequest, uid: str) -> HttpResponse:
    """Add a next step on its own."""
    engagement = changeable(request, uid)
    if request.method != "POST":
        return compose(request, "step", engagement)
    form = StepForm(request.POST, staff=writers(engagement), by=request.user, today=local_today())
    step = form.next_step() if form.is_valid() else None
    if step is None:
        return compose(request, "step", engagement, form)
    added = actions.add_action(engagement=engagement, by=request.user, step=step)
    undo = reverse("action-drop", args=[added.uid])
    return done(request, engagement, Note("step", undo, step=added))


def change_step(request: StaffRequest, uid: str) -> HttpResponse:
    """Another day or another owner for an open step."""
    action = step_or_404(request, uid)
    if request.method != "POST":
        return compose(request, "change", action.engagement, step=action)
    form = StepChangeForm(
        request.POST, staff=writers(action.engagement), by=request.user, today=local_today()
    )
    if not form.is_valid():
        return compose(request, "change", action.engagement, form, action)
    try:
        changed = actions.change_action(
            action=action,
            by=request.user,
            due_on=form.cleaned_data["due_on"],
            owner=form.cleaned_data["owner"],
            every=form.every_chosen(),
        )
    except Refused as refused:
        return done(request, action.engagement, Note(refused.code, step=action))
    return done(request, action.engagement, Note("step_changed", step=changed))


def close_step(request: StaffRequest, uid: str) -> HttpResponse:
    return closed(request, uid, Action.Closed.DONE, "step_done")


def drop_step(request: StaffRequest, uid: str) -> HttpResponse:
    return closed(request, uid, Action.Closed.DROPPED, "step_dropped")


def closed(request: StaffRequest, uid: str, how: str, code: str) -> HttpResponse:
    action = step_or_404(request, uid)
    actions.close_action(action=action, by=request.user, closed_as=how)
    undo = reverse("action-reopen", args=[action.uid])
    return done(request, action.engagement, Note(code, undo, step=action))


def reopen_step(request: StaffRequest, uid: str) -> HttpResponse:
    action = step_or_404(request, uid)
    try:
        reopened = actions.reopen_action(action=action, by=request.user)
    except Refused as refused:
        return done(request, action.engagement, Note(refused.code, step=action))
    return done(request, action.engagement, Note("step_reopened", step=reopened))


def set_aside(request: StaffRequest, uid: str) -> HttpResponse:
    """Later, or no concern and why."""
    engagement = changeable(request, uid)
    asked = request.GET.get("kind") or request.POST.get("kind")
    kind: Kind = "no_concern" if asked == SetAside.Kind.NO_CONCERN else "later"
    if request.method != "POST":
        return compose(request, kind, engagement)
    form = SetAsideForm(request.POST, today=local_today())
    if not form.is_valid():
        return compose(request, kind, engagement, form)
    standing = Standing.objects.filter(engagement=engagement).first()
    row = actions.set_aside(
        engagement=engagement,
        by=request.user,
        kind=form.cleaned_data["kind"],
        until=form.cleaned_data["until"],
        reason=form.cleaned_data["reason"],
        gap_then=standing.gap if standing else None,
    )
    return done(request, engagement, Note(kind, reverse("resume", args=[uid]), until=row.until))


def resume(request: StaffRequest, uid: str) -> HttpResponse:
    engagement = changeable(request, uid)
    actions.resume(engagement=engagement, by=request.user)
    return done(request, engagement, Note("resumed"))


def changeable(request: StaffRequest, uid: str) -> Engagement:
    """The engagement to act on: 404 to a stranger, 403 to one who only reads."""
    engagement = engagement_or_404(request.user, uid)
    require_write(request.user, request.role, engagement)
    return engagement


def step_or_404(request: StaffRequest, uid: str) -> Action:
    readable = engagements(request.user).values("pk")
    steps = Action.objects.filter(engagement__in=readable).select_related(
        "engagement__party", "engagement__owner", "owner"
    )
    action = get_object_or_404(steps, uid=uid)
    if action.owner_id != request.user.pk:
        require_write(request.user, request.role, action.engagement)
    return action


def compose(
    request: StaffRequest,
    kind: Kind,
    engagement: Engagement,
    form: Form | None = None,
    step: Action | None = None,
) -> HttpResponse:
    """The composer: a fragment within the line for htmx, else a page of its own."""
    page = composer(
        kind,
        engagement,
        user=request.user,
        place=place_of(request),
        rank=rank_of(request),
        today=local_today(),
        form=form,
        step=step,
    )
    status = 200 if form is None else 422
    template = "desk/composer.html" if request.htmx else "desk/composer_page.html"
    response = render(request, template, {"page": page}, status=status)
    if form is not None and request.htmx:
        reswap(retarget(response, f"#{page.slot}"), "innerHTML")
    return response


def done(request: StaffRequest, engagement: Engagement, note: Note) -> HttpResponse:
    """The answer to something done: the numbers are right at once, and the place says what
    happened."""
    refresh_one(engagement)
    place = place_of(request)
    if request.htmx and place == "today":
        return line(request, engagement, note)
    if request.htmx and place == "steps" and note.step is not None:
        context = {"note": note, "step": note.step, "today": local_today()}
        return render(request, "desk/step_after.html", context)
    messages.success(request, render_to_string("desk/note.html", {"note": replace(note, undo="")}))
    if place == "customer":
        return redirect("customer", uid=engagement.uid)
    return redirect("today")


def line(request: StaffRequest, engagement: Engagement, note: Note) -> HttpResponse:
    standing = Standing.objects.get(engagement=engagement)
    reader = Reader(request.user, last_look(request.user), lambda each: True)
    [row] = rows_of([standing], as_of=local_today(), reader=reader, first=rank_of(request))
    return render(request, "desk/row.html", {"row": row, "note": note, "live": True})


def place_of(request: StaffRequest) -> Place:
    asked = request.POST.get("place") or request.GET.get("place")
    return "customer" if asked == "customer" else "steps" if asked == "steps" else "today"


def rank_of(request: StaffRequest) -> int:
    return page_number(request.POST.get("rank") or request.GET.get("rank"))
