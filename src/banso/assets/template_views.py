"""A template as one recipient would get it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from banso.assets.access import asset_or_404
from banso.assets.models import Asset
from banso.assets.pages.template import template_page
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.engagements.access import engagement_or_404


def recipient(request: StaffRequest, uid: str) -> HttpResponse:
    """Look at it as ?for= (a customer) and ?person= would get it; ?q= finds customers."""
    found = asset_or_404(request.user, uid)
    if found.kind != Asset.Kind.TEMPLATE:
        raise Http404
    asked = request.GET.get("for", "")
    page = template_page(
        found,
        request.user,
        q=request.GET.get("q", "").strip()[:200],
        engagement=engagement_or_404(request.user, asked) if asked else None,
        asked=request.GET.get("person", ""),
        today=local_today(),
    )
    return render(request, "assets/template.html", {"page": page})
