"""Guides behind a private link: who reads one is noted as shown, what they say as reaction."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect

from banso.assets.access import FOR_THEM, help_pages
from banso.assets.help import found, text_of
from banso.assets.help_views import shown_picture
from banso.assets.models import Asset, Showing
from banso.assets.use import finish, react, show
from banso.portal.door import Visitor, respond, through_the_door
from banso.portal.help_pages import help_list, help_page
from banso.web.formats import language

READING = ("GET", "HEAD")


@through_the_door
def pages(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The guides they may read, or those that hold the words asked for."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    if not visitor.confirmed:
        return redirect(visitor.url("shared-plan"))
    q = request.GET.get("q", "").strip()[:200]
    listed = found(help_pages(FOR_THEM), language(), q)
    page = help_list(listed, url=visitor.url("shared-help"), back=visitor.url("shared-plan"))
    return respond(page)


@through_the_door
def page(request: HttpRequest, visitor: Visitor, uid: str) -> HttpResponse:
    """One guide; POST says how it was for them."""
    if not visitor.confirmed:
        return redirect(visitor.url("shared-plan"))
    asset = get_object_or_404(help_pages(FOR_THEM), uid=uid)
    url = visitor.url("shared-help-page", uid)
    if request.method == "POST":
        answered(visitor, asset, request.POST.get("reaction", ""))
        return redirect(url)
    looking = request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")
    said = noted(visitor, asset).reaction if looking else ""
    text = text_of(asset, language(), lambda name: visitor.url("shared-help-picture", uid, name))
    return respond(help_page(text, url=url, back=visitor.url("shared-help"), said=said))


@through_the_door
def picture(request: HttpRequest, visitor: Visitor, uid: str, name: str) -> HttpResponse:
    if not visitor.confirmed:
        return redirect(visitor.url("shared-plan"))
    return shown_picture(get_object_or_404(help_pages(FOR_THEM), uid=uid), name)


def answered(visitor: Visitor, asset: Asset, reaction: str) -> None:
    """Who says how it was has read it; anything else that is sent changes nothing."""
    if reaction not in Showing.Reaction.values or not reaction:
        return
    showing = noted(visitor, asset)
    finish(showing=showing, by=None)
    react(showing=showing, reaction=reaction, by=None)


def noted(visitor: Visitor, asset: Asset) -> Showing:
    """The version in force was shown to whom the link is for: once, however often they open it."""
    link, version = visitor.link, asset.current
    engagement = link.version.goal.engagement
    assert engagement is not None and version is not None
    return show(
        version=version,
        engagement=engagement,
        person=link.person,
        by=None,
        way=Showing.Way.LINK,
        once=f"link:{link.pk}:{version.pk}",
    )
