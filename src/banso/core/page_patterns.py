"""Which pages of a product are meant: a path with `*` for any run of characters."""

from urllib.parse import unquote

LONGEST_PATH = 1_000


def is_on(pattern: str, path: str) -> bool:
    """Whether a path is one of those meant; "" means every page. A slash at the end makes no
    difference, what follows `?` or `#` is no part of the path, and letters are as they are."""
    if not pattern:
        return True
    first, *others = _plain(pattern).split("*")
    text = _plain(path)
    if not others:
        return text == first
    if not text.startswith(first):
        return False
    *between, last = others
    at = _after(text, len(first), between)
    return at is not None and len(text) - at >= len(last) and text.endswith(last)


def _after(text: str, at: int, pieces: list[str]) -> int | None:
    """Where the first way to find the pieces one after another ends; None where there is none."""
    for piece in pieces:
        found = text.find(piece, at)
        if found < 0:
            return None
        at = found + len(piece)
    return at


def _plain(path: str) -> str:
    text = unquote(path[:LONGEST_PATH].partition("#")[0].partition("?")[0])
    return text.rstrip("/") or "/"
