"""Assets in use: a script opened, followed and logged; what was shown to a customer."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from banso.assets import use, walkthroughs
from banso.assets.access import (
    asset_or_404,
    assets,
    own_walkthrough,
    showings,
    walkthrough_or_404,
)
from banso.assets.actions import Refused
from banso.assets.models import Asset, Walkthrough
from banso.assets.pages.customer import customer_assets, state_of, to_show
from banso.assets.pages.talk import talk_page
from banso.assets.use_forms import (
    LogForm,
    PartnerForm,
    ReactionForm,
    RolePlayForm,
    ShowForm,
    marks_of,
)
from banso.assets.wording import first_error, refusal
from banso.base.models import User
from banso.base.roles import WRITERS
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.engagements.access import engagement_or_404, owners, readers, require_write
from banso.engagements.after import announce
from banso.engagements.models import Engagement
from banso.parties.access import people_of
from banso.parties.models import Party
from banso.web.formats import language


def open_script(request: StaffRequest, uid: str) -> HttpResponse:
    """Open a script with a customer, or go on with the one that is open."""
    engagement = engagement_or_404(request.user, uid)
    require_write(request.user, request.role, engagement)
    script = get_object_or_404(
        assets(request.user).select_related("current"), uid=request.POST.get("script", "")
    )
    try:
        row = walkthroughs.open_script(
            asset=script, by=request.user, language=language(), engagement=engagement
        )
    except Refused as refused:
        messages.error(request, refusal(refused.code))
        return redirect("customer", uid=uid)
    return redirect("walkthrough", uid=row.uid)


def role_play(request: StaffRequest, uid: str) -> HttpResponse:
    """Open a script with a colleague."""
    script = asset_or_404(request.user, uid)
    form = PartnerForm(request.POST, partners=partners(request.user))
    if not form.is_valid():
        messages.error(request, first_error(form))
        return redirect("asset", uid=uid)
    try:
        row = walkthroughs.open_script(
            asset=script,
            by=request.user,
            language=language(),
            partner=form.cleaned_data["partner"],
        )
    except Refused as refused:
        messages.error(request, refusal(refused.code))
        return redirect("asset", uid=uid)
    return redirect("walkthrough", uid=row.uid)


def partners(user: User) -> QuerySet[User]:
    return owners().exclude(pk=user.pk)


def partner_form(request: StaffRequest, script: Asset) -> PartnerForm | None:
    """For a script that may be practised."""
    usable = script.current is not None and script.retired_at is None
    if script.kind != Asset.Kind.SCRIPT or not usable or request.role not in WRITERS:
        return None
    return PartnerForm(partners=partners(request.user))


def walkthrough(request: StaffRequest, uid: str) -> HttpResponse:
    """Follow a script; what is ticked is kept at once, and the end is logged."""
    if request.method != "POST":
        row = walkthrough_or_404(request.user, uid)
        page = talk_page(row, request.user, today=local_today())
        return render(request, "assets/talk.html", {"page": page})
    row = own_walkthrough(request.user, request.role, uid)
    try:
        if "keep" in request.POST:
            return kept(request, row)
        return ended(request, row)
    except Refused as refused:
        messages.error(request, refusal(refused.code))
        return redirect("walkthrough", uid=uid)


def kept(request: StaffRequest, row: Walkthrough) -> HttpResponse:
    """Ticks and branches as they stand."""
    marks = marks_of(request.POST)
    now = walkthroughs.keep_marks(walkthrough=row, marks=marks, by=request.user)
    if not request.htmx:
        return redirect("walkthrough", uid=row.uid)
    page = talk_page(now, request.user, today=local_today())
    return render(request, "assets/_kept.html", {"page": page})


def ended(request: StaffRequest, row: Walkthrough) -> HttpResponse:
    """The talk is logged as a contact; a role-play ends with what the two take from it."""
    engagement = row.engagement
    form = log_form(request, engagement) if engagement else RolePlayForm(request.POST)
    if not form.is_valid():
        page = talk_page(row, request.user, today=local_today(), form=form)
        return render(request, "assets/talk.html", {"page": page}, status=422)
    marks = marks_of(request.POST)
    if isinstance(form, LogForm) and engagement is not None:
        walkthroughs.log_talk(walkthrough=row, marks=marks, talk=form.talk(), by=request.user)
        announce([engagement.pk])
        messages.success(request, _("The talk is logged."))
        return redirect("customer", uid=engagement.uid)
    walkthroughs.end_role_play(
        walkthrough=row,
        marks=marks,
        outcome=form.cleaned_data["outcome"],
        note=form.cleaned_data["note"],
        by=request.user,
    )
    messages.success(request, _("The role-play is kept."))
    return redirect("asset", uid=row.version.asset.uid)


def log_form(request: StaffRequest, engagement: Engagement) -> LogForm:
    today = local_today()
    return LogForm(
        request.POST,
        people=people_at(engagement),
        staff=owners().filter(pk__in=readers(engagement).values("pk")),
        by=request.user,
        today=today,
    )


def people_at(engagement: Engagement) -> QuerySet[Party]:
    people = people_of([engagement.party_id], local_today()).get(engagement.party_id, [])
    return Party.objects.filter(pk__in=[each.person_id for each in people])


def drop(request: StaffRequest, uid: str) -> HttpResponse:
    """It was opened by mistake."""
    row = own_walkthrough(request.user, request.role, uid)
    engagement, script = row.engagement, row.version.asset
    try:
        walkthroughs.drop_walkthrough(walkthrough=row, by=request.user)
    except Refused as refused:
        messages.error(request, refusal(refused.code))
    if engagement is not None:
        return redirect("customer", uid=engagement.uid)
    return redirect("asset", uid=script.uid)


def shown(request: StaffRequest, uid: str) -> HttpResponse:
    """What was shown to them; POST writes one more down."""
    engagement = engagement_or_404(request.user, uid)
    form = None
    if request.method == "POST":
        require_write(request.user, request.role, engagement)
        people = people_at(engagement)
        form = ShowForm(request.POST, assets=to_show(request.user), people=people)
        if form.is_valid():
            use.show(
                version=form.cleaned_data["asset"].current,
                engagement=engagement,
                person=form.cleaned_data["person"],
                by=request.user,
            )
            announce([engagement.pk])
            messages.success(request, _("Noted."))
            return redirect("customer-assets", uid=uid)
    page = customer_assets(
        engagement,
        request.user,
        request.role,
        today=local_today(),
        state=state_of(request.GET, engagement),
        form=form,
    )
    status = 422 if form is not None else 200
    return render(request, "assets/customer_assets.html", {"page": page}, status=status)


def showing(request: StaffRequest, uid: str) -> HttpResponse:
    """They finished it, or it helped them or not."""
    rows = showings(request.user).select_related("engagement__party", "version")
    row = get_object_or_404(rows, uid=uid)
    require_write(request.user, request.role, row.engagement)
    form = ReactionForm(request.POST)
    if not form.is_valid():
        messages.error(request, first_error(form))
        return redirect("customer-assets", uid=row.engagement.uid)
    if form.cleaned_data["finished"]:
        use.finish(showing=row, by=request.user)
    if form.cleaned_data["reaction"]:
        use.react(showing=row, reaction=form.cleaned_data["reaction"], by=request.user)
    messages.success(request, _("Noted."))
    return redirect("customer-assets", uid=row.engagement.uid)
