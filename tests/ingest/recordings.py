"""Requests as the usual SDKs put them on the wire: a few beside the tests, all of them shared."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent / "recorded"


@dataclass(frozen=True)
class Recorded:
    """One request; `path` without the host, `body` as it went over the wire."""

    name: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def recorded(path: Path) -> Recorded:
    head, _, body = path.read_bytes().partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    method, address, _ = first.split(" ")
    return Recorded(path.name, method, address, dict(line.split(": ", 1) for line in rest), body)


def all_in(folder: Path) -> list[Recorded]:
    return [recorded(path) for path in sorted(folder.glob("*.raw"))]


def replay(client, request: Recorded):
    headers = {k: v for k, v in request.headers.items() if k not in ("Host", "Content-Length")}
    kind = headers.pop("Content-Type", "text/plain")
    return client.generic(
        request.method, request.path, request.body, content_type=kind, headers=headers
    )
