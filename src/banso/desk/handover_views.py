"""Answers of the hand-over's pages: access, form, action, response."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from banso.base.models import User
from banso.base.roles import MANAGERS
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.desk import handover as actions
from banso.desk.handover import Refused
from banso.desk.handover_forms import HandoverForm, NoteForm, OneHandoverForm
from banso.desk.models import Handover, HandoverItem
from banso.desk.pages.handover import (
    NewHandover,
    handover_page,
    items_of,
    new_handover,
)
from banso.desk.pages.pack import pack_page
from banso.engagements import after
from banso.engagements.access import engagement_or_404, owners, require_write

FEW = 500


def hand_over_book(request: StaffRequest, uid: str) -> HttpResponse:
    """A colleague's whole book: choose who receives what, look at it, do it."""
    leaver = get_object_or_404(User, uid=uid, grants__isnull=False)
    words = request.POST if request.method == "POST" else request.GET
    today = local_today()
    data = request.POST if request.method == "POST" else None
    page = new_handover(
        user=request.user,
        role=request.role,
        leaver=leaver,
        words=words,
        form=HandoverForm(data, today=today, may_end=False),
    )
    form = HandoverForm(data, today=today, may_end=page.may_end)
    if not form.is_valid():
        shown = {"page": with_form(page, form)}
        return render(request, "desk/handover_new.html", shown, status=422 if data else 200)
    return planned(request, page, form)


def with_form(page: NewHandover, form: HandoverForm) -> NewHandover:
    return NewHandover(**vars(page) | {"form": form})


def planned(request: StaffRequest, page: NewHandover, form: HandoverForm) -> HttpResponse:
    """Each customer goes to whom its own field names, else as the preview said."""
    people = {each.uid: each for each in owners()}
    shares = {
        offer.engagement.pk: to
        for offer in page.offers
        if (to := people.get(request.POST.get(f"to-{offer.engagement.uid}", "")) or offer.to)
    }
    try:
        handover = actions.plan_handover(
            by=request.user,
            leaver=page.leaver,
            shares=shares,
            effective_on=form.cleaned_data["effective_on"],
            reason=form.cleaned_data["reason"],
            whole=True,
            rule=page.rule,
            ends=form.cleaned_data.get("ends", False),
        )
    except Refused as refused:
        return refuse(request, refused.code, "hand-over-book", page.leaver.uid)
    return begun(request, handover)


def begun(request: StaffRequest, handover: Handover) -> HttpResponse:
    """What is due today is carried out at once."""
    if handover.effective_on <= local_today():
        carry_out(request, handover)
    else:
        messages.success(request, _("The hand-over is planned."))
    return redirect("handover", uid=handover.uid)


def carry_out(request: StaffRequest, handover: Handover) -> None:
    done = actions.carry_out(handover=handover)
    tell(done)
    messages.success(request, _("The customers are handed over."))


def tell(handover: Handover) -> None:
    """Whoever rests on owners looks again."""
    ids = list(handover.items.values_list("engagement_id", flat=True))
    after.announce(ids if len(ids) <= FEW else None)


def refuse(request: StaffRequest, code: str, route: str, uid: str) -> HttpResponse:
    wording = {
        "nothing_to_hand_over": _("Nothing to hand over: choose who receives the customers."),
        "to_the_leaver": _("Choose somebody else than the one who hands over."),
        "not_in_post": _("One of those chosen has left."),
        "planned_already": _("A hand-over of this book is planned already."),
        "last_admin": _("There must always be an administrator: appoint another first."),
        "changed": _("Something was done with these customers since: it can’t be taken back."),
        "done": _("It was carried out already."),
        "withdrawn": _("The plan was dropped."),
    }
    messages.error(request, wording[code])
    return redirect(route, uid=uid)


def hand_over_one(request: StaffRequest, uid: str) -> HttpResponse:
    """One customer goes to a colleague, for a reason."""
    engagement = engagement_or_404(request.user, uid)
    require_write(request.user, request.role, engagement)
    data = request.POST if request.method == "POST" else None
    form = OneHandoverForm(data, today=local_today(), engagement=engagement)
    if not form.is_valid():
        shown = {"engagement": engagement, "form": form}
        return render(request, "desk/handover_one.html", shown, status=422 if data else 200)
    typed = form.cleaned_data
    handover = actions.plan_handover(
        by=request.user,
        leaver=engagement.owner,
        shares={engagement.pk: typed["to"]},
        effective_on=typed["effective_on"],
        reason=typed["reason"],
        note=typed["note"],
    )
    return begun(request, handover)


def handover(request: StaffRequest, uid: str) -> HttpResponse:
    page = handover_page(found(request, uid), user=request.user, role=request.role)
    return render(request, "desk/handover.html", {"page": page})


def found(request: StaffRequest, uid: str) -> Handover:
    """For managers, and for everybody whose customers it moved or was about to."""
    handover = get_object_or_404(Handover.objects.select_related("leaver", "by"), uid=uid)
    concerned = request.user.pk in (handover.leaver_id, handover.by_id)
    if not concerned and request.role not in MANAGERS:
        receives = handover.items.filter(to=request.user).exists()
        if not receives:
            raise Http404
    return handover


def leading(request: StaffRequest, uid: str) -> Handover:
    """To carry out, drop or take back: managers, and whoever planned it."""
    handover = found(request, uid)
    if request.role not in MANAGERS and request.user.pk != handover.by_id:
        raise PermissionDenied
    return handover


def carry_out_now(request: StaffRequest, uid: str) -> HttpResponse:
    handover = leading(request, uid)
    try:
        carry_out(request, handover)
    except Refused as refused:
        return refuse(request, refused.code, "handover", uid)
    return redirect("handover", uid=uid)


def withdraw(request: StaffRequest, uid: str) -> HttpResponse:
    handover = leading(request, uid)
    try:
        actions.withdraw(handover=handover, by=request.user)
    except Refused as refused:
        return refuse(request, refused.code, "handover", uid)
    messages.success(request, _("The plan is dropped; nothing changed hands."))
    return redirect("handover", uid=uid)


def undo(request: StaffRequest, uid: str) -> HttpResponse:
    handover = leading(request, uid)
    try:
        actions.undo(handover=handover, by=request.user)
    except Refused as refused:
        return refuse(request, refused.code, "handover", uid)
    tell(handover)
    messages.success(request, _("Everything is back where it was."))
    return redirect("handover", uid=uid)


def note(request: StaffRequest, uid: str, customer: str) -> HttpResponse:
    """What the leaver passes on about one customer: theirs to write, and the lead's."""
    handover = found(request, uid)
    page = handover_page(handover, user=request.user, role=request.role)
    if not page.notable:
        raise PermissionDenied
    items: list[HandoverItem] = [each for each in page.items if each.engagement.uid == customer]
    if not items:
        raise Http404
    form = NoteForm(request.POST)
    if form.is_valid():
        actions.pass_on(item=items[0], note=form.cleaned_data["note"].strip())
        messages.success(request, _("The note is saved."))
    return redirect("handover", uid=uid)


def pack(request: StaffRequest, uid: str) -> HttpResponse:
    """The book on paper: one page per customer."""
    handover = found(request, uid)
    items = items_of(handover, request.user)
    page = pack_page([each.engagement for each in items], user=request.user, items=items)
    return render(request, "desk/pack.html", {"page": page, "handover": handover})


def customer_pack(request: StaffRequest, uid: str) -> HttpResponse:
    """One customer on one page of paper."""
    engagement = engagement_or_404(request.user, uid)
    page = pack_page([engagement], user=request.user)
    return render(request, "desk/pack.html", {"page": page})
