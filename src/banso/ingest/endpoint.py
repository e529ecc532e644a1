"""The addresses that event SDKs send to, as the two common ones do, and what they expect back:
exactly 200 when it is durable, JSON with a code and a message when not."""

from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils import timezone, translation

from banso.ingest.intake import Post, take
from banso.ingest.keys import digest_of
from banso.ingest.models import WriteKey
from banso.ingest.wire import READ_CAP, Refused
from banso.ingest.wording import REFUSED

CALLS = {
    "batch": "",
    "b": "",
    "track": "track",
    "t": "track",
    "page": "page",
    "p": "page",
    "screen": "screen",
    "s": "screen",
    "identify": "identify",
    "i": "identify",
    "group": "group",
    "g": "group",
    "alias": "alias",
    "a": "alias",
}
TAKEN = b'{"success": true}'
RETRY_AFTER = 5
ANYBODY = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, content-type, content-encoding, anonymousid",
    "Access-Control-Max-Age": "86400",
}
log = structlog.get_logger()


def collect(request: HttpRequest, call: str) -> HttpResponse:
    """Take the events of a request."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=ANYBODY | PREFLIGHT)
    try:
        take(post_of(request, CALLS[call]))
    except Refused as refusal:
        return refused(refusal)
    except (DatabaseError, InterfaceError) as error:
        log.error("events_not_kept", kind=type(error).__name__)
        return refused(Refused(503, "busy", retry_after=RETRY_AFTER))
    return HttpResponse(TAKEN, content_type="application/json", headers=ANYBODY)


def post_of(request: HttpRequest, kind: str) -> Post:
    if request.method != "POST":
        raise Refused(405, "wrong_method")
    return Post(
        body=body_of(request),
        kind=kind,
        authorization=request.headers.get("Authorization", ""),
        origin=request.headers.get("Origin", ""),
        at=timezone.now(),
    )


def body_of(request: HttpRequest) -> bytes:
    """The body, read one byte further than it may be long, and no further."""
    body, stream = b"", stream_of(request)
    try:
        while part := stream.read(READ_CAP + 1 - len(body)):
            body += part
    except UnreadablePostError:
        raise Refused(400, "cut_off") from None
    return body


def stream_of(request: HttpRequest) -> Any:
    """Django reads as many bytes as a request announces; of a body in chunks that is none."""
    in_chunks = "Transfer-Encoding" in request.headers
    return request.META["wsgi.input"] if in_chunks else request


def refused(refusal: Refused) -> HttpResponse:
    """In English: it is read by whoever builds the product, in its log."""
    with translation.override("en"):
        message = str(REFUSED[refusal.code])
    answer = JsonResponse(
        {"success": False, "code": refusal.code, "message": message},
        status=refusal.status,
        headers=ANYBODY,
    )
    if refusal.retry_after:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    if refusal.status == 405:
        answer.headers["Allow"] = "POST, OPTIONS"
    return answer


def project(request: HttpRequest, key: str) -> HttpResponse:
    """What the browser SDK asks before it sends: that its events come here, to nobody else."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=ANYBODY | PREFLIGHT)
    browser = WriteKey.objects.filter(
        digest=digest_of(key), kind=WriteKey.Kind.BROWSER, revoked_at=None
    )
    if request.method != "GET" or not browser.exists():
        return refused(Refused(404, "unknown_key"))
    return JsonResponse(settings_for(key, request), headers=ANYBODY)


def settings_for(key: str, request: HttpRequest) -> dict[str, Any]:
    scheme = "https" if request.is_secure() else "http"
    here = {"apiKey": key, "apiHost": f"{request.get_host()}/v1", "protocol": scheme}
    return {
        "integrations": {"Segment.io": here},
        "plan": {},
        "metrics": {"sampleRate": 0},
        "remotePlugins": [],
    }
