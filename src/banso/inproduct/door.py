"""Who may ask: a browser's write key, from a page of an origin that an administrator entered."""

from dataclasses import dataclass

from django.http import HttpRequest

from banso.ingest.intake import require_open
from banso.ingest.keys import digest_of
from banso.ingest.models import WriteKey
from banso.ingest.wire import Refused


@dataclass(frozen=True)
class Door:
    """`origin` is that of the page, "" where the browser names none; `address` is ours."""

    key: WriteKey
    origin: str
    address: str

    @property
    def headers(self) -> dict[str, str]:
        """What lets the page read the answer; it differs from origin to origin."""
        allowed = {"Access-Control-Allow-Origin": self.origin} if self.origin else {}
        return {"Vary": "Origin"} | allowed


def door(key: str, request: HttpRequest) -> Door:
    """Raises Refused. Our own pages may ask too: there is a demo among them."""
    origin = request.headers.get("Origin", "")
    address = request.build_absolute_uri("/").rstrip("/")
    rows = WriteKey.objects.select_related("source__embedding")
    found = rows.filter(digest=digest_of(key)).first() if key else None
    if found is None:
        raise Refused(401, "unknown_key")
    if not found.is_public:
        raise Refused(401, "server_key_in_browser")
    require_open(found, origin)
    if origin and origin != address and origin not in origins_of(found):
        raise Refused(403, "page_not_entered")
    return Door(found, origin, address)


def origins_of(key: WriteKey) -> list[str]:
    embedding = getattr(key.source, "embedding", None)
    return list(embedding.origins) if embedding else []
