"""Sharing a plan: choose what they see, look at it as they will, make the link, take it back."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from banso.base.messages import send
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.engagements.access import engagement_or_404, engagements, require_write
from banso.engagements.after import announce
from banso.goals.models import PlanVersion, ShareLink
from banso.goals.sharing import Refused, revoke_link
from banso.portal.share_form import ShareForm
from banso.portal.share_pages import made_page, preparing, version_page
from banso.web.formats import day_text, language


def share_plan(request: StaffRequest, uid: str) -> HttpResponse:
    """Choose and look; then the link, whose secret is shown on the answer only."""
    engagement = engagement_or_404(request.user, uid)
    require_write(request.user, request.role, engagement)
    data = request.POST if request.method == "POST" else None
    form = ShareForm(data, engagement=engagement, by=request.user, today=local_today())
    looking = data is None or "preview" in data
    if looking or not form.is_valid():
        return choosing(request, form, status=200 if looking else 422)
    try:
        made = form.make(by=request.user)
    except Refused:
        form.add_error(None, _("Write down the purpose or a target first."))
        return choosing(request, form, status=422)
    announce([engagement.pk])
    url = request.build_absolute_uri(reverse("shared-plan", args=[made.secret]))
    if form.cleaned_data["by_mail"]:
        mail(made.link, url, request.user.name)
    page = made_page(engagement, made, url, mailed=form.cleaned_data["by_mail"])
    return render(request, "portal/made.html", {"page": page})


def choosing(request: StaffRequest, form: ShareForm, *, status: int) -> HttpResponse:
    return render(request, "portal/share.html", {"page": preparing(form)}, status=status)


def mail(link: ShareLink, url: str, sender: str) -> None:
    """The link to its address; the mail says no more than who sends it and until when."""
    with translation.override(link.language):
        until = day_text(timezone.localdate(link.expires_at), "medium")
    words = {"link": url, "name": link.name, "sender": sender, "until": until}
    send("link", room="portal", to=link.email, language=link.language, **words)


def version(request: StaffRequest, uid: str, number: int) -> HttpResponse:
    """One version as they saw it; ?since= names the version it is compared with."""
    engagement = engagement_or_404(request.user, uid)
    versions = PlanVersion.objects.filter(goal__engagement=engagement).select_related("made_by")
    asked = request.GET.get("since", "")
    since = versions.filter(number=int(asked)).first() if asked in numbers(versions) else None
    page = version_page(
        engagement,
        get_object_or_404(versions, number=number),
        since=since or versions.filter(number=number - 1).first(),
        language=language(),
    )
    return render(request, "portal/version.html", {"page": page})


def numbers(versions: QuerySet[PlanVersion]) -> set[str]:
    return {str(each) for each in versions.values_list("number", flat=True)}


def revoke(request: StaffRequest, uid: str) -> HttpResponse:
    """The link opens nothing any more."""
    readable = engagements(request.user).values("pk")
    links = ShareLink.objects.filter(version__goal__engagement__in=readable)
    link = get_object_or_404(links.select_related("version__goal__engagement"), uid=uid)
    engagement = link.version.goal.engagement
    assert engagement is not None
    require_write(request.user, request.role, engagement)
    revoke_link(link=link, by=request.user)
    messages.success(request, _("The link is closed."))
    return redirect("plan", uid=engagement.uid)
