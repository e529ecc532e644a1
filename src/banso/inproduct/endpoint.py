"""What the script in the product asks and tells. No cookie is read or set here."""

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

import msgspec
import structlog
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils import timezone, translation

from banso.assets.access import FOR_THEM, help_pages
from banso.assets.help_views import shown_picture
from banso.base.models import Workspace
from banso.base.workspace import held, local_today, workspace
from banso.ingest.endpoint import RETRY_AFTER
from banso.ingest.wire import Refused
from banso.inproduct.content import content_of, unsealed
from banso.inproduct.door import Door, door
from banso.inproduct.models import Placement
from banso.inproduct.noting import EVENTS, Told, note
from banso.inproduct.offering import may_see, offered
from banso.inproduct.visitors import Visitor, visitor_of
from banso.inproduct.wording import REFUSED

BODY_CAP = 8_192
FRESH_SECONDS = 60
MOST_WITHOUT = 20
LONGEST = 1_000
NOT_KEPT = {"Cache-Control": "no-store"}
KEPT = {"Cache-Control": f"public, max-age={FRESH_SECONDS}"}
log = structlog.get_logger()


class Ask(msgspec.Struct):
    """Which page somebody looks at. `identity` is the product's token, `without` what was closed
    on this page already."""

    key: str = ""
    identity: str = ""
    page: str = "/"
    language: str = ""
    without: str = ""


class Tell(msgspec.Struct):
    """What became of what came up."""

    key: str = ""
    identity: str = ""
    placement: str = ""
    what: str = ""
    visit: str = ""
    page: str = "/"


ASK, TELL = msgspec.json.Decoder(Ask).decode, msgspec.json.Decoder(Tell).decode


def answering(*methods: str) -> Callable[..., Callable[..., HttpResponse]]:
    """These methods only; a refusal is told as JSON, and a database that cannot is not ours."""

    def around(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, **words: str) -> HttpResponse:
            if request.method == "OPTIONS":
                return HttpResponse(status=204, headers={"Allow": ", ".join(methods)} | NOT_KEPT)
            try:
                if request.method not in methods:
                    raise Refused(405, "wrong_method")
                place = workspace()
                with held(place), timezone.override(ZoneInfo(place.timezone)):
                    return view(request, **words)
            except Refused as refusal:
                return refused(refusal, methods)
            except Workspace.DoesNotExist:
                return refused(Refused(401, "unknown_key"), methods)
            except (DatabaseError, InterfaceError) as error:
                log.error("guide_not_answered", kind=type(error).__name__)
                return refused(Refused(503, "busy", retry_after=RETRY_AFTER), methods)

        return answer

    return around


@answering("GET", "POST")
def offer(request: HttpRequest) -> HttpResponse:
    """What comes up on a page. GET is for anybody and may be kept for a minute; POST brings the
    token of somebody, and is theirs alone."""
    asked = ask_of(request)
    opened = door(asked.key, request)
    today, token = local_today(), asked.identity if request.method == "POST" else ""
    source = opened.key.source_id
    visitor = visitor_of(source, token, now=timezone.now(), today=today)
    without = asked.without.split(",")[:MOST_WITHOUT]
    found = offered(visitor, page=asked.page[:LONGEST], today=today, without=without)
    shown = found and content_of(
        found, wanted=wanted_by(visitor, asked), address=opened.address, today=today
    )
    return answered(
        {"identity": visitor.said, "shown": shown}, opened, kept=request.method == "GET"
    )


@answering("POST")
def tell(request: HttpRequest) -> HttpResponse:
    """It was shown, closed or done. What somebody may not see they do not tell of: their token may
    have ended while it was up, which is no error of the page."""
    told = read(request, TELL)
    opened = door(told.key, request)
    now, source = timezone.now(), opened.key.source_id
    visitor = visitor_of(source, told.identity, now=now, today=local_today())
    found = told_of(told, source)
    theirs = may_see(found.placement, visitor)
    if theirs:
        note(found, visitor, key=told.key, origin=opened.origin, at=now)
    return answered({"identity": visitor.said, "noted": theirs}, opened, kept=False)


@answering("GET")
def picture(request: HttpRequest, signed: str) -> HttpResponse:
    """A picture of a guide, by an address that we gave."""
    named = unsealed(signed, local_today())
    if named is None:
        raise Refused(404, "no_picture")
    asset = help_pages(FOR_THEM).filter(uid=named[0]).first()
    if asset is None:
        raise Refused(404, "no_picture")
    try:
        answer = shown_picture(asset, named[1])
    except Http404:
        raise Refused(404, "no_picture") from None
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def ask_of(request: HttpRequest) -> Ask:
    if request.method == "POST":
        return read(request, ASK)
    told = {name: request.GET.get(name, "") for name in ("key", "page", "language", "without")}
    return Ask(**told)


def read[T](request: HttpRequest, decode: Callable[[bytes], T]) -> T:
    try:
        body = request.read(BODY_CAP + 1)
    except UnreadablePostError:
        raise Refused(400, "cut_off") from None
    if len(body) > BODY_CAP:
        raise Refused(413, "too_large")
    try:
        return decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "not_json") from None


def wanted_by(visitor: Visitor, asked: Ask) -> str:
    spoken = visitor.identity.language if visitor.identity else ""
    return spoken or asked.language


def told_of(told: Tell, source: int) -> Told:
    rows = Placement.objects.filter(source=source, activated_at__isnull=False)
    if told.what not in EVENTS or not is_name(told.visit) or not is_name(told.placement):
        raise Refused(400, "bad_field")
    found = rows.filter(uid=told.placement).select_related("asset__current").first()
    if found is None:
        raise Refused(404, "no_placement")
    return Told(found, told.what, told.visit, told.page[:LONGEST])


def is_name(text: str) -> bool:
    return 8 <= len(text) <= 40 and text.isascii() and text.isalnum()


def answered(content: dict[str, object], opened: Door, *, kept: bool) -> HttpResponse:
    return JsonResponse(content, headers=(KEPT if kept else NOT_KEPT) | opened.headers)


def refused(refusal: Refused, methods: tuple[str, ...]) -> HttpResponse:
    """In English: whoever builds the product reads it among the requests of their browser."""
    with translation.override("en"):
        message = str(REFUSED[refusal.code])
    told = {"success": False, "code": refusal.code, "message": message}
    answer = JsonResponse(told, status=refusal.status, headers=NOT_KEPT | {"Vary": "Origin"})
    if refusal.retry_after:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    if refusal.status == 405:
        answer.headers["Allow"] = ", ".join((*methods, "OPTIONS"))
    return answer
