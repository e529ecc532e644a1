"""What somebody wrote in a mail, without the history below it and the signature."""

import re
from collections.abc import Sequence

LONGEST = 10_000
_SEPARATORS = re.compile(
    r"^\s*(?:"
    r"-{2,}\s*(?:original message|forwarded message|元のメッセージ|転送メッセージ)\s*-{2,}"
    r"|-{2,}\s*(?:original|forwarded) appointment\s*-{2,}"
    r"|_{20,}"
    r"|on\b.{4,160}\bwrote:"
    r"|.{0,80}\d{4}[年/.-]\s?\d{1,2}[月/.-]\s?\d{1,2}日?.{0,120}(?:<[^<>\s]+@[^<>\s]+>|さん?は?書きました).{0,10}[:：]"
    r"|\d{4}年\d{1,2}月\d{1,2}日.{0,120}[:：]"
    r")\s*$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^\s*\**(?:from|差出人|送信元)\**\s*[:：]", re.IGNORECASE)
_FOLLOWING = re.compile(
    r"^\s*\**(?:sent|date|to|送信日時|日時|宛先|件名|subject)\**\s*[:：]", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^(?:-- ?|[-=_*━─―＝]{8,})$")


def own_words(text: str) -> str:
    """The new part of a mail's text: cut where the history begins and, after something was said,
    where the signature does. A text that is nothing but history stays whole."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    said = without_signature(lines[: history_begins(lines)])
    said = [line for line in said if not line.lstrip().startswith((">", "＞"))]
    kept = tidy(said)
    return (kept or tidy(lines))[:LONGEST]


def history_begins(lines: Sequence[str]) -> int:
    """The number of the first line of what was written before; len(lines) where there is none."""
    for number, line in enumerate(lines):
        two = f"{line.rstrip()} {lines[number + 1].strip()}" if number + 1 < len(lines) else line
        if _SEPARATORS.match(line) or (line[:3].lower() == "on " and _SEPARATORS.match(two)):
            return number
        if _HEADER.match(line) and any(map(_FOLLOWING.match, lines[number + 1 : number + 4])):
            return number
    return len(lines)


def without_signature(lines: Sequence[str]) -> list[str]:
    for number, line in enumerate(lines):
        said = any(before.strip() for before in lines[:number])
        if said and (line == "-- " or _SIGNATURE.match(line.strip())):
            return list(lines[:number])
    return list(lines)


def tidy(lines: Sequence[str]) -> str:
    """Without blank lines at the ends, and never more than one between."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
