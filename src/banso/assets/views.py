"""Assets: the list, one, writing, publishing, versions, pictures, who may read it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from banso.assets import actions
from banso.assets.access import asset_or_404, require_publish
from banso.assets.actions import Refused
from banso.assets.forms import (
    AssetForm,
    AudienceForm,
    PictureForm,
    PublishForm,
    ReviewForm,
    first_of,
    initial_of,
)
from banso.assets.models import Asset, Picture
from banso.assets.pages.asset import asset_page, edit_page, publish_page, version_page
from banso.assets.pages.listing import assets_page, state_of
from banso.assets.pages.showings import showings_page
from banso.assets.pages.showings import state_of as showings_state
from banso.assets.use_views import partner_form
from banso.assets.wording import first_error, refusal
from banso.base.models import User
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today

KEPT_SECONDS = 7 * 24 * 60 * 60


def assets(request: StaffRequest) -> HttpResponse:
    page = assets_page(request.user, request.role, state_of(request.GET))
    return render(request, "assets/assets.html", {"page": page})


def asset(request: StaffRequest, uid: str) -> HttpResponse:
    found = asset_or_404(request.user, uid)
    page = asset_page(
        found,
        request.user,
        request.role,
        today=local_today(),
        asked=request.GET.get("lang", ""),
        partner=partner_form(request, found),
    )
    return render(request, "assets/asset.html", {"page": page})


def new(request: StaffRequest) -> HttpResponse:
    """Write an asset; the kind stands in the address."""
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    kind = asked if asked in Asset.Kind.values else Asset.Kind.GUIDE
    typed = request.POST if request.method == "POST" else None
    form = AssetForm(typed, kind=kind, initial=first_of(request.user, local_today()))
    if typed is None or "preview" in typed or not form.is_valid():
        return writing(request, None, kind, form)
    made = actions.make_asset(kind=kind, sheet=form.sheet(), by=request.user)
    messages.success(request, _("The draft is kept. Colleagues use it once it is published."))
    return redirect("asset", uid=made.uid)


def edit(request: StaffRequest, uid: str) -> HttpResponse:
    """Write the draft anew."""
    found = asset_or_404(request.user, uid)
    typed = request.POST if request.method == "POST" else None
    pictures = list(found.pictures.values_list("name", flat=True))
    form = AssetForm(typed, kind=found.kind, pictures=pictures, initial=initial_of(found))
    if typed is None or "preview" in typed or not form.is_valid():
        return writing(request, found, found.kind, form)
    revision = form.cleaned_data["revision"] or 0
    try:
        actions.revise_asset(asset=found, sheet=form.sheet(), revision=revision, by=request.user)
    except Refused:
        return writing(request, found, found.kind, form, conflict=True)
    messages.success(request, _("The draft is kept."))
    return redirect("asset", uid=uid)


def writing(
    request: StaffRequest,
    found: Asset | None,
    kind: str,
    form: AssetForm,
    *,
    conflict: bool = False,
) -> HttpResponse:
    """The form with its preview; a preview says nothing of what is missing yet."""
    asking = "preview" in request.POST
    page = edit_page(found, kind, form.unmarked() if asking else form, conflict=conflict)
    status = 422 if form.is_bound and not asking else 200
    return render(request, "assets/edit.html", {"page": page}, status=status)


def publish(request: StaffRequest, uid: str) -> HttpResponse:
    """Look at what changes, then make a version of it."""
    found = asset_or_404(request.user, uid)
    require_publish(request.role, found)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        page = publish_page(found, form)
        status = 422 if form.is_bound else 200
        return render(request, "assets/publish.html", {"page": page}, status=status)
    try:
        version = actions.publish(
            asset=found,
            by=request.user,
            note=form.cleaned_data["note"],
            minutes=form.cleaned_data["minutes"],
        )
    except Refused as refused:
        page = publish_page(found, form, refusal(refused.code))
        return render(request, "assets/publish.html", {"page": page}, status=422)
    messages.success(request, _("Version %(n)s is published.") % {"n": version.number})
    return redirect("asset", uid=uid)


def version(request: StaffRequest, uid: str, number: int) -> HttpResponse:
    """One version and what was new in it; POST takes it as the draft."""
    found = asset_or_404(request.user, uid)
    versions = found.versions.select_related("published_by")
    one = get_object_or_404(versions, number=number)
    if request.method == "POST":
        actions.restore_version(asset=found, version=one, by=request.user)
        messages.success(request, _("The draft says what version %(n)s said.") % {"n": number})
        return redirect("asset", uid=uid)
    asked = request.GET.get("since", "")
    since = versions.filter(number=int(asked[:6])).first() if asked.isdecimal() else None
    page = version_page(
        found,
        one,
        since or versions.filter(number=number - 1).first(),
        role=request.role,
        asked=request.GET.get("lang", ""),
    )
    return render(request, "assets/version.html", {"page": page})


def add_picture(request: StaffRequest, uid: str) -> HttpResponse:
    """Keep a picture; htmx gets the list, so that what is being written stays."""
    found = asset_or_404(request.user, uid)
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid() and kept(found, form, request.user):
        if not request.htmx:
            return redirect("asset-edit", uid=uid)
        form = PictureForm()
    pictures = list(found.pictures.defer("content").order_by("name"))
    words = {"asset": found, "pictures": pictures, "form": form}
    template = "assets/_pictures.html" if request.htmx else "assets/pictures.html"
    return render(request, template, words, status=422 if form.is_bound else 200)


def kept(found: Asset, form: PictureForm, by: User) -> bool:
    """Whether the picture was taken; the form says why not."""
    file = form.cleaned_data["picture"]
    try:
        actions.add_picture(asset=found, name=file.name or "", content=file.read(), by=by)
    except Refused as refused:
        form.add_error("picture", refusal(refused.code))
        return False
    return True


def picture(request: StaffRequest, uid: str, name: str) -> HttpResponse:
    """A picture's bytes, for colleagues."""
    return picture_answer(asset_or_404(request.user, uid), name)


def picture_answer(found: Asset, name: str) -> HttpResponse:
    """Never anything but the picture it was recognised as; a name always means the same bytes."""
    row = get_object_or_404(Picture, asset=found, name=name)
    answer = HttpResponse(bytes(row.content), content_type=row.media_type)
    answer.headers["Cache-Control"] = f"private, max-age={KEPT_SECONDS}, immutable"
    answer.headers["Content-Disposition"] = "inline"
    return answer


def showings(request: StaffRequest, uid: str) -> HttpResponse:
    """To whom it was shown."""
    found = asset_or_404(request.user, uid)
    state = showings_state(request.GET, found)
    page = showings_page(found, request.user, state)
    return render(request, "assets/showings.html", {"page": page})


def review(request: StaffRequest, uid: str) -> HttpResponse:
    """It is still right; until when?"""
    found = asset_or_404(request.user, uid)
    form = ReviewForm(request.POST, today=local_today())
    if not form.is_valid():
        messages.error(request, first_error(form))
    else:
        until = form.cleaned_data["review_by"]
        actions.confirm_review(asset=found, until=until, by=request.user)
        messages.success(request, _("Noted: it is still right."))
    return redirect("asset", uid=uid)


def ask(request: StaffRequest, uid: str) -> HttpResponse:
    """Ask the owner to look at it again."""
    found = asset_or_404(request.user, uid)
    if found.owner is None:
        messages.error(request, _("Nobody looks after it yet: give it an owner first."))
        return redirect("asset", uid=uid)
    actions.ask_owner(asset=found, by=request.user, on=local_today())
    messages.success(request, _("%(name)s is asked.") % {"name": found.owner.name})
    return redirect("asset", uid=uid)


def audience(request: StaffRequest, uid: str) -> HttpResponse:
    """Choose for whom it is."""
    found = asset_or_404(request.user, uid)
    form = AudienceForm(request.POST)
    if not form.is_valid():
        messages.error(request, first_error(form))
        return redirect("asset", uid=uid)
    try:
        chosen = form.cleaned_data["audience"]
        actions.place_asset(asset=found, audience=chosen, by=request.user)
    except Refused as refused:
        messages.error(request, refusal(refused.code))
    else:
        messages.success(request, _("Who may read it is changed."))
    return redirect("asset", uid=uid)


def retire(request: StaffRequest, uid: str) -> HttpResponse:
    """Out of use, or into use again; what others read is managers' to take away."""
    found = asset_or_404(request.user, uid)
    require_publish(request.role, found)
    if found.retired_at is None:
        actions.retire_asset(asset=found, by=request.user)
        messages.success(request, _("It is retired."))
    else:
        actions.restore_asset(asset=found, by=request.user)
        messages.success(request, _("It is in use again."))
    return redirect("asset", uid=uid)
