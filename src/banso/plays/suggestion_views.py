"""Answering a suggestion: take it up, change it, turn it down."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from banso.actions.models import Action
from banso.base.fields import localized
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.engagements import after
from banso.engagements.access import engagement_or_404, owners, require_write
from banso.engagements.models import Engagement
from banso.plays import interventions as actions
from banso.plays.access import own_intervention, plays
from banso.plays.facts import last_day
from banso.plays.forms import ChangeForm, RefuseForm
from banso.plays.interventions import Refused
from banso.plays.models import Intervention, Play
from banso.plays.pages.customer import customer_plays
from banso.plays.rounds import give_one
from banso.plays.steps import asking
from banso.web.formats import language

REFUSED = {
    "closed": gettext_lazy("That suggestion is no longer open."),
    "going_on": gettext_lazy("They are having that play already."),
    "not_active": gettext_lazy("That play is not in use."),
    "no_owner": gettext_lazy("Nobody looks after this customer: give them an owner first."),
}


def accept(request: StaffRequest, uid: str) -> HttpResponse:
    """Take it up as it is: its first steps begin at once."""
    row = own_intervention(request.user, request.role, uid)
    try:
        actions.accept(intervention=row, by=request.user)
    except Refused as refused:
        return answered(request, row, "refused", refused.code)
    return answered(request, row, "accepted")


def change(request: StaffRequest, uid: str) -> HttpResponse:
    """Take it up with another first action."""
    row = own_intervention(request.user, request.role, uid)
    data = request.POST if request.method == "POST" else None
    form = ChangeForm(data, staff=owners(), today=local_today(), initial=first_action(row))
    if form.is_bound and form.is_valid():
        try:
            actions.accept(intervention=row, by=request.user, otherwise=form.otherwise())
        except Refused as refused:
            return answered(request, row, "refused", refused.code)
        return answered(request, row, "accepted")
    context = {"row": row, "form": form, "name": localized(row.play.name, language())}
    return render(request, "plays/change.html", context, status=422 if form.is_bound else 200)


def first_action(row: Intervention) -> dict[str, str]:
    """What the first step that asks somebody would say."""
    owner = row.engagement.owner
    step = row.run.version.steps.filter(kind__in=asking()).order_by("offset_days").first()
    if step is None or owner is None:
        return {}
    due = local_today().toordinal() + last_day(step)
    return {
        "title": localized(step.words, language()),
        "owner": owner.uid,
        "due_on": local_today().fromordinal(due).isoformat(),
    }


def refuse(request: StaffRequest, uid: str) -> HttpResponse:
    """Turn it down, with a reason now or afterwards."""
    row, form = own_intervention(request.user, request.role, uid), RefuseForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else Intervention.Reason.UNSAID
    try:
        row = actions.refuse(intervention=row, by=request.user, reason=reason)
    except Refused as refused:
        return answered(request, row, "refused", refused.code)
    return answered(request, row, "turned_down")


def restore(request: StaffRequest, uid: str) -> HttpResponse:
    """Take a refusal back."""
    row = own_intervention(request.user, request.role, uid)
    try:
        actions.restore(intervention=row, by=request.user)
    except Refused as refused:
        return answered(request, row, "refused", refused.code)
    return answered(request, row, "restored")


def of_customer(request: StaffRequest, uid: str) -> HttpResponse:
    """What a customer was given; POST gives them a play in use."""
    engagement = engagement_or_404(request.user, uid)
    if request.method == "POST":
        require_write(request.user, request.role, engagement)
        play = get_object_or_404(plays(request.user), uid=request.POST.get("play", ""))
        give(request, play, engagement)
        return redirect("customer-plays", uid=uid)
    page = customer_plays(engagement, request.user, request.role)
    return render(request, "plays/customer.html", {"page": page})


def give(request: StaffRequest, play: Play, engagement: Engagement) -> None:
    try:
        give_one(play=play, engagement=engagement, by=request.user)
    except Refused as refused:
        messages.error(request, REFUSED[refused.code])
    else:
        after.announce([engagement.pk])
        messages.success(request, _("The play has begun: its first step stands among the actions."))


def answered(
    request: StaffRequest, row: Intervention, code: str, refused: str = ""
) -> HttpResponse:
    """In its place for htmx, else on the page it was asked on."""
    after.announce([row.engagement_id])
    steps = Action.objects.filter(step_run__intervention=row, closed_as="").order_by("due_on")
    word = str(REFUSED[refused]) if refused else ""
    context = {"row": row, "code": code, "steps": list(steps), "word": word}
    context["place"] = request.POST.get("place", "")
    if request.htmx:
        return render(request, "plays/_answered.html", context)
    messages.add_message(request, *said(code, word))
    if context["place"] == "today":
        return redirect("today")
    return redirect("customer", uid=row.engagement.uid)


def said(code: str, word: str) -> tuple[int, str]:
    words = {
        "accepted": _("Taken up: the first step stands among the actions."),
        "turned_down": _("Turned down; it will be suggested less readily in such a situation."),
        "restored": _("The suggestion is open again."),
    }
    return (messages.ERROR, word) if word else (messages.SUCCESS, words[code])
