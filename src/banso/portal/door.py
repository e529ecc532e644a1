"""The way in for the other side: a secret in the address, a code in the mail, no sign-in.

Nothing of the staff's session is read. Every answer forbids caching, indexing, scripts and a
referrer. With that referrer policy browsers send no origin, which the framework's own check of
forms needs; here the unguessable address and a cookie that no other site can make the browser
send take its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from allauth.core import ratelimit
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt

from banso.goals.models import ShareCode, ShareLink
from banso.goals.sharing import is_open, link_of
from banso.portal.help_pages import HelpList, HelpPage
from banso.portal.pages import ClosedPage, CodePage, SharePage, closed_page, content_of_link
from banso.web.policy import WITHOUT_SCRIPTS

COOKIE = "banso_share"
CONFIRMED_SECONDS = 12 * 60 * 60
SALT = "banso.share"
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
TEMPLATES = {
    SharePage: "portal/shared_plan.html",
    CodePage: "portal/code.html",
    ClosedPage: "portal/closed.html",
    HelpList: "portal/help.html",
    HelpPage: "portal/help_page.html",
}
type Page = SharePage | CodePage | ClosedPage | HelpList | HelpPage
type View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Visitor:
    """Somebody with a link that opens; `confirmed` where no code is required or theirs was
    right."""

    link: ShareLink
    secret: str
    confirmed: bool

    def url(self, name: str, *words: str) -> str:
        return reverse(name, args=[self.secret, *words])


def through_the_door(view: View) -> Callable[..., HttpResponse]:
    """Lets in whoever holds the secret of an open link; everybody else gets the same 404."""

    @csrf_exempt
    @csp_override(WITHOUT_SCRIPTS)
    @wraps(view)
    def enter(request: HttpRequest, secret: str, **words: str) -> HttpResponse:
        action = "share_post" if request.method == "POST" else "share"
        if not ratelimit.consume(request, action=action):
            return strict(respond(closed_page(busy=True), 429))
        link = link_of(secret)
        if link is None:
            return strict(respond(closed_page(), 404))
        with translation.override(link.language):
            if not is_open(link):
                return strict(respond(closed_page(content_of_link(link).company), 404))
            visitor = Visitor(link, secret, confirmed(request, link))
            return strict(view(request, visitor, **words))

    return enter


def strict(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def respond(page: Page, status: int = 200) -> HttpResponse:
    """The page and nothing but the page."""
    return HttpResponse(render_to_string(TEMPLATES[type(page)], {"page": page}), status=status)


def confirmed(request: HttpRequest, link: ShareLink) -> bool:
    """Whether this browser used a code of this link within the last twelve hours."""
    if not link.code_required:
        return True
    try:
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=CONFIRMED_SECONDS)
    except signing.BadSignature:
        return False
    return told["link"] == link.uid and link.codes.filter(pk=told["code"]).exists()


def remember(response: HttpResponse, visitor: Visitor, code: ShareCode) -> HttpResponse:
    """A cookie of its own, sent to this link's address only."""
    response.set_cookie(
        COOKIE,
        signing.dumps({"link": visitor.link.uid, "code": code.pk}, salt=SALT),
        max_age=CONFIRMED_SECONDS,
        path=visitor.url("shared-plan"),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response
