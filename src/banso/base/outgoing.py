"""The one way out: asking an address that somebody typed, without reaching into our network.

The address that is checked is the one the socket is connected to, so a name that answers
differently the second time gains nothing. Addresses and answers are never logged.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings

LARGEST = 10 * 1024 * 1024
SECONDS = 30.0
STEP_SECONDS = 10.0
REDIRECTS = 3
BLOCK = 64 * 1024
MOVED = (301, 302, 303, 307, 308)


class Refused(Exception):
    """There is no answer: `code` is bad_address, private_address, unreachable, too_large,
    too_slow, too_many_redirects."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Answer:
    """What came back; header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def fetch(address: str, *, headers: Mapping[str, str] | None = None) -> Answer:
    """GET an https address (http only inside allowed networks), following a few redirects.
    Raises Refused."""
    ends = time.monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        parts = checked(address)
        answer = _ask(parts, headers or {}, ends)
        if answer.status not in MOVED or "location" not in answer.headers:
            return answer
        address = urljoin(address, answer.headers["location"])
    raise Refused("too_many_redirects")


def post(address: str, body: bytes, *, headers: Mapping[str, str]) -> Answer:
    """POST to an address, under the same rules as `fetch`; whoever sends it elsewhere is not
    followed. Raises Refused."""
    ends = time.monotonic() + SECONDS
    return _ask(checked(address), headers, ends, body)


def checked(address: str) -> SplitResult:
    """The parts of an address that may be asked. Raises Refused("bad_address")."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Refused("bad_address") from error
    plain = parts.scheme == "http" and bool(settings.OUTGOING_NETWORKS)
    if not (parts.scheme == "https" or plain) or not parts.hostname or port == 0:
        raise Refused("bad_address")
    if parts.username or parts.password or any(c in address for c in "\r\n\t "):
        raise Refused("bad_address")
    return parts


def allowed(address: str, *, plain: bool = False) -> bool:
    """Whether a socket may be connected to this IP address: public ones, and those of
    BANSO_OUTGOING_NETWORKS; without encryption (`plain`) only the latter."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    networks: list[IPv4Network | IPv6Network] = settings.OUTGOING_NETWORKS
    if any(found in network for network in networks):
        return True
    return not plain and found.is_global and not found.is_multicast


def _ask(
    parts: SplitResult, headers: Mapping[str, str], ends: float, body: bytes | None = None
) -> Answer:
    """GET, or POST of a body."""
    try:
        with closing(_connected(parts)) as connection:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            own = {"User-Agent": "Banso", "Accept-Encoding": "identity"}
            method = "GET" if body is None else "POST"
            connection.request(method, path, body, headers=own | dict(headers))
            with connection.getresponse() as answer:
                found = {name.lower(): value for name, value in answer.getheaders()}
                return Answer(answer.status, found, _body(answer, ends))
    except TimeoutError as error:
        raise Refused("too_slow") from error
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise Refused("unreachable") from error


def _connected(parts: SplitResult) -> http.client.HTTPConnection:
    """A connection whose socket is to an address that may be reached."""
    host, plain = str(parts.hostname), parts.scheme == "http"
    port = parts.port or (80 if plain else 443)
    connection = http.client.HTTPConnection(host, port, timeout=STEP_SECONDS)
    last = Refused("unreachable")
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if not allowed(str(place[0]), plain=plain):
            last = Refused("private_address")
            continue
        connection.sock = _socket(str(place[0]), port, None if plain else host)
        return connection
    raise last


def _socket(address: str, port: int, host: str | None) -> socket.socket:
    """Connected, and encrypted where a host name is given."""
    opened = socket.create_connection((address, port), timeout=STEP_SECONDS)
    if host is None:
        return opened
    try:
        return ssl.create_default_context().wrap_socket(opened, server_hostname=host)
    except OSError:
        opened.close()
        raise


def _body(answer: http.client.HTTPResponse, ends: float) -> bytes:
    found = bytearray()
    while block := answer.read1(BLOCK):
        found += block
        if len(found) > LARGEST:
            raise Refused("too_large")
        if time.monotonic() > ends:
            raise Refused("too_slow")
    return bytes(found)
