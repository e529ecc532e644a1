"""Help pages that anybody reads, each language at its own address, without signing in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csp import csp_override

from banso.assets.access import help_pages
from banso.assets.actions import LANGUAGES
from banso.assets.help import Found, Text, found, text_of
from banso.assets.models import Asset
from banso.assets.views import picture_answer
from banso.base.workspace import workspace
from banso.core.markdown import pictures_in
from banso.web import formats
from banso.web.policy import WITHOUT_SCRIPTS

READING = ("GET", "HEAD")
FRESH_SECONDS = 300


@dataclass(frozen=True)
class Place:
    """Where the reader is: the company, the language, the same in the other languages."""

    company: str
    synthetic: bool
    language: str
    addresses: dict[str, str]
    home: str


@dataclass(frozen=True)
class HelpPages:
    place: Place
    found: Found


@dataclass(frozen=True)
class HelpText:
    place: Place
    text: Text


def open_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Reading only, in the language of the address, at a pace; nobody is looked up."""

    @csp_override(WITHOUT_SCRIPTS)
    @wraps(view)
    def enter(request: HttpRequest, language: str, **words: str) -> HttpResponse:
        if request.method not in READING:
            return HttpResponseNotAllowed(READING)
        if language not in LANGUAGES:
            raise Http404
        if not ratelimit.consume(request, action="help"):
            return HttpResponse(status=429, headers={"Retry-After": "60"})
        with translation.override(language):
            answer = view(request, language, **words)
        answer.headers.setdefault("Cache-Control", f"public, max-age={FRESH_SECONDS}")
        return answer

    return enter


def entrance(request: HttpRequest) -> HttpResponse:
    """To the list in the reader's language."""
    return redirect("help-pages", language=formats.language())


@open_to_all
def pages(request: HttpRequest, language: str) -> HttpResponse:
    """Every public page, or those that hold the words asked for."""
    q = request.GET.get("q", "").strip()[:200]
    others = {each: reverse("help-pages", args=[each]) for each in LANGUAGES}
    page = HelpPages(place(language, others), found(help_pages(), language, q))
    return HttpResponse(render_to_string("assets/help/pages.html", {"page": page}))


@open_to_all
def page(request: HttpRequest, language: str, uid: str) -> HttpResponse:
    """One page; asked for in a language it is not written in, it is at the other's address."""
    asset = get_object_or_404(help_pages(), uid=uid)
    text = text_of(
        asset, language, lambda name: reverse("help-picture", args=[language, uid, name])
    )
    if text.language != language:
        return redirect("help-page", language=text.language, uid=uid)
    addresses = {each: reverse("help-page", args=[each, uid]) for each in (language, *text.others)}
    shown = HelpText(place(language, addresses), text)
    return HttpResponse(render_to_string("assets/help/page.html", {"page": shown}))


@open_to_all
def picture(request: HttpRequest, language: str, uid: str, name: str) -> HttpResponse:
    """A picture that the version in force shows: others of the asset stay inside."""
    asset = get_object_or_404(help_pages(), uid=uid)
    return shown_picture(asset, name)


def shown_picture(asset: Asset, name: str) -> HttpResponse:
    assert asset.current is not None
    if not any(name in pictures_in(body) for body in asset.current.body.values()):
        raise Http404
    return picture_answer(asset, name)


def place(language: str, addresses: dict[str, str]) -> Place:
    company = workspace()
    home = reverse("help-pages", args=[language])
    return Place(company.name, company.synthetic, language, addresses, home)
