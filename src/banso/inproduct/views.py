"""Placements: the list, one, writing, showing, ordering; the products that show them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.core.conditions import Condition, load
from banso.events.models import Source
from banso.inproduct import actions, pages, signing
from banso.inproduct.access import placement_or_404, placements, product_or_404
from banso.inproduct.forms import PagesForm, PlacementForm, Typed, initial_of
from banso.inproduct.models import Placement, SigningKey
from banso.inproduct.pages import WritingPage
from banso.inproduct.wording import refusal
from banso.metrics.condition_form import ConditionForm, TooDeep
from banso.metrics.fields import fields


def listing(request: StaffRequest) -> HttpResponse:
    page = pages.placements_page(request.user, request.role)
    return render(request, "inproduct/placements.html", {"page": page})


def placement(request: StaffRequest, uid: str) -> HttpResponse:
    found = placement_or_404(request.user, uid)
    page = pages.placement_page(found, request.user, request.role)
    return render(request, "inproduct/placement.html", {"page": page})


def new(request: StaffRequest) -> HttpResponse:
    return write(request, None)


def edit(request: StaffRequest, uid: str) -> HttpResponse:
    return write(request, placement_or_404(request.user, uid))


def write(request: StaffRequest, found: Placement | None) -> HttpResponse:
    """The placement being written; POST saves, unless only the builder was asked."""
    page = writing_page(request, found)
    if page.form.is_bound:
        valid = [page.form.is_valid(), page.conditions.is_valid()]
        if all(valid):
            return save(request, page)
    status = 422 if page.form.is_bound else 200
    return render(request, "inproduct/writing.html", {"page": page}, status=status)


def writing_page(request: StaffRequest, found: Placement | None) -> WritingPage:
    typed = request.POST if request.method == "POST" else None
    conditions = builder(typed, load(found.condition) if found else None)
    first: dict[str, object] = initial_of(found) if found else {"kind": Placement.Kind.GUIDE}
    return WritingPage(found, form_of(request, typed, first, conditions.acted), conditions)


def builder(typed: Typed, condition: Condition | None) -> ConditionForm:
    """What asks for a field that is gone is asked anew."""
    try:
        return ConditionForm(typed, fields=fields(), condition=condition)
    except TooDeep:
        made = ConditionForm(typed, fields=fields())
        made.error = _("It asked for something that is gone: say anew for whom it is.")
        return made


def form_of(
    request: StaffRequest, typed: Typed, first: dict[str, object], acted: bool
) -> PlacementForm:
    """As typed; without a word about what is missing where only the builder was asked."""
    form = PlacementForm(typed, user=request.user, initial=first)
    if not acted:
        return form
    values = {name: form[name].value() for name in form.fields}
    return PlacementForm(user=request.user, initial=first | values)


def save(request: StaffRequest, page: WritingPage) -> HttpResponse:
    sheet = page.form.sheet(page.conditions.condition)
    if page.placement is None:
        found = actions.draft_placement(sheet=sheet, by=request.user)
        messages.success(request, _("It is drafted: nobody is shown it yet."))
    else:
        found = actions.revise_placement(placement=page.placement, sheet=sheet, by=request.user)
        messages.success(request, _("Saved."))
    return redirect("placement", uid=found.uid)


def activate(request: StaffRequest, uid: str) -> HttpResponse:
    """Show it from now on."""
    found = placement_or_404(request.user, uid)
    try:
        actions.activate_placement(placement=found, by=request.user)
    except actions.Refused as refused:
        messages.error(request, refusal(refused.code))
    else:
        messages.success(request, _("It is shown from now on."))
    return redirect("placement", uid=uid)


def retire(request: StaffRequest, uid: str) -> HttpResponse:
    found = placement_or_404(request.user, uid)
    actions.retire_placement(placement=found, by=request.user)
    messages.success(request, _("It is shown to nobody any more."))
    return redirect("placement", uid=uid)


def move(request: StaffRequest, uid: str) -> HttpResponse:
    """One place up or down among the active ones."""
    in_use = placements(request.user).filter(activated_at__isnull=False, retired_at=None)
    uids = list(in_use.values_list("uid", flat=True))
    if uid not in uids:
        raise Http404
    place, step = uids.index(uid), -1 if request.POST.get("to") == "up" else 1
    other = min(max(place + step, 0), len(uids) - 1)
    uids[place], uids[other] = uids[other], uids[place]
    actions.order_placements(uids=uids, by=request.user)
    return redirect("placements")


def product(request: StaffRequest, key: str) -> HttpResponse:
    """A product that shows guides: its snippet, its pages, its keys; POST enters the pages."""
    found = product_or_404(request.user, key)
    form = PagesForm(request.POST)
    if request.method == "POST" and form.is_valid():
        signing.allow_origins(source=found, origins=form.cleaned_data["origins"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("placement-product", key=key)
    return shown(request, found, form=form if request.method == "POST" else None)


def shown(
    request: StaffRequest, found: Source, *, secret: str = "", form: PagesForm | None = None
) -> HttpResponse:
    """The page; nobody keeps an answer that shows a new key."""
    embedding = getattr(found, "embedding", None)
    now = "\n".join(embedding.origins) if embedding else ""
    page = pages.product_page(
        found, request.role, form or PagesForm(initial={"origins": now}), secret
    )
    answer = render(request, "inproduct/product.html", {"page": page}, status=422 if form else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def make_key(request: StaffRequest, key: str) -> HttpResponse:
    found = product_or_404(request.user, key)
    try:
        made = signing.make_signing_key(source=found, by=request.user)
    except signing.Refused as refused:
        messages.error(request, refusal(refused.code))
        return redirect("placement-product", key=key)
    return shown(request, found, secret=made.secret)


def revoke_key(request: StaffRequest, key: str, uid: str) -> HttpResponse:
    found = get_object_or_404(SigningKey, source=product_or_404(request.user, key), uid=uid)
    try:
        signing.revoke_signing_key(key=found, by=request.user)
    except signing.Refused as refused:
        messages.info(request, refusal(refused.code))
    else:
        messages.success(request, _("The key works no more."))
    return redirect("placement-product", key=key)
