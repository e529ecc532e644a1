"""Metrics offered by what the events really are: logins, creation, sharing, errors, roles."""

import re
from collections.abc import Iterator, Sequence

from banso.core.conditions import All, Is
from banso.core.metrics import (
    ActiveDays,
    Count,
    DaysSince,
    Definition,
    DistinctPeople,
    PerPerson,
    Ratio,
    Seats,
    Trend,
)
from banso.engine.discover import EventName
from banso.metrics.sheet import MetricSheet
from banso.metrics.suggestion import Suggestion

WINDOW = 28
MOST_NAMES = 8
MOST_ROLES = 12
KINDS = {
    "logins": r"log(ged)?_?-? ?in|sign_?-? ?in|session_?(start|begin)|ログイン|サインイン",
    "creation": r"creat|add(ed)?\b|upload|publish|submit|\bnew\b|draft|作成|登録|追加|投稿",
    "sharing": r"shar|invit|comment|mention|collab|export|共有|招待|コメント",
    "errors": r"error|fail|exception|crash|timeout|denied|エラー|失敗",
}
ROLE = re.compile(r"^(user_?)?(role|position|permission|役割|権限|ロール)$", re.IGNORECASE)
LEADING = re.compile(r"admin|owner|manager|管理", re.IGNORECASE)


def by_kind(names: Sequence[EventName], *, seats: bool) -> Iterator[Suggestion]:
    """What the events found can tell beyond the first set; `seats` says whether contracts do."""
    found = {kind: of_kind(names, pattern) for kind, pattern in KINDS.items()}
    yield from logins(found["logins"], seats=seats)
    yield from creation(found["creation"])
    yield from sharing(found["sharing"])
    yield from errors(found["errors"])
    yield from roles(names)


def of_kind(names: Sequence[EventName], pattern: str) -> list[EventName]:
    """The most frequent events whose name says so."""
    asked = re.compile(pattern, re.IGNORECASE)
    return [each for each in names if asked.search(snake(each.name))][:MOST_NAMES]


def snake(name: str) -> str:
    """reportCreated and "Report Created" as report_created."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|[\s-]+", "_", name).lower()


def logins(found: Sequence[EventName], *, seats: bool) -> Iterator[Suggestion]:
    if not found or not any(each.people for each in found):
        return
    events, reason = chosen(found), seen(found)
    if seats:
        yield suggestion(
            "logins",
            "login-seat-share-28",
            ("ログインした席の割合(28日)", "Share of seats that sign in (28 days)"),
            "percent",
            Ratio(DistinctPeople(events, WINDOW), Seats()),
            reason=reason,
        )
    yield suggestion(
        "logins",
        "regular-people-28",
        ("週2日以上使う人の割合", "Share of people who come twice a week"),
        "percent",
        PerPerson(ActiveDays(events, WINDOW), "share", 8),
        reason=reason,
    )


def creation(found: Sequence[EventName]) -> Iterator[Suggestion]:
    if not found:
        return
    events, reason = chosen(found), seen(found)
    yield suggestion(
        "creation",
        "creators-28",
        ("作成した人数(28日)", "People who create (28 days)"),
        "people",
        DistinctPeople(events, WINDOW),
        reason=reason,
    )
    yield suggestion(
        "creation",
        "creation-trend-28",
        ("作成の変化(前の28日比)", "Change in creation (28 days)"),
        "percent",
        Trend(Count(events, WINDOW)),
        reason=reason,
    )


def sharing(found: Sequence[EventName]) -> Iterator[Suggestion]:
    if found:
        yield suggestion(
            "sharing",
            "sharers-28",
            ("共有・招待した人数(28日)", "People who share or invite (28 days)"),
            "people",
            DistinctPeople(chosen(found), WINDOW),
            reason=seen(found),
        )


def errors(found: Sequence[EventName]) -> Iterator[Suggestion]:
    if found:
        yield suggestion(
            "errors",
            "error-share-28",
            ("エラーの割合(28日)", "Share of errors (28 days)"),
            "percent",
            Ratio(Count(chosen(found), WINDOW), Count(None, WINDOW)),
            reason=seen(found),
            higher=False,
        )


def roles(names: Sequence[EventName]) -> Iterator[Suggestion]:
    """Of the property that says who somebody is: the people of its leading value."""
    values = role_values(names)
    for name, texts in values.items():
        lead = next((text for text in texts if LEADING.search(text)), texts[0])
        where = All((Is(name, "is", lead),))
        reason = {
            "ja": f"イベントの「{name}」に「{lead}」など{len(texts)}種類の値があります。",
            "en": f"Events say “{name}”: “{lead}” and {len(texts) - 1} more.",
        }
        yield suggestion(
            "roles",
            f"days-since-{key_of(name)}-90",
            (f"「{lead}」の最後の利用からの日数", f"Days since “{lead}” was last here"),
            "days",
            DaysSince(None, 90, where=where),
            reason=reason,
            higher=False,
        )
        return


def role_values(names: Sequence[EventName]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for each in names:
        for name, texts in each.values.items():
            if ROLE.match(name):
                found.setdefault(name, {}).update(dict.fromkeys(texts))
    return {name: list(texts) for name, texts in found.items() if 1 < len(texts) <= MOST_ROLES}


def chosen(found: Sequence[EventName]) -> str | tuple[str, ...]:
    names = tuple(sorted(each.name for each in found))
    return names if len(names) > 1 else names[0]


def seen(found: Sequence[EventName]) -> dict[str, str]:
    """Why it is offered: what was found, and how often."""
    first, rows = found[0].name, sum(each.rows for each in found)
    more = len(found) - 1
    ja = f"「{first}」ほか{more}種類" if more else f"「{first}」"
    en = f"“{first}” and {more} more" if more else f"“{first}”"
    return {"ja": f"{ja}のイベントが{rows:,}件あります。", "en": f"{en}: {rows:,} events found."}


def key_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "role"


def suggestion(
    group: str,
    key: str,
    name: tuple[str, str],
    unit: str,
    meaning: Definition,
    *,
    reason: dict[str, str],
    higher: bool = True,
) -> Suggestion:
    sheet = MetricSheet(dict(zip(("ja", "en"), name, strict=True)), {}, unit, higher, meaning)
    return Suggestion(key, sheet, group, reason)
