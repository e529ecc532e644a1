"""How sensitive each kind is, and what each level would have brought on one's own history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext

from banso.alerts.access import defaults, earned, levels_of, open_mutes, stored_records
from banso.alerts.models import Alert, AlertLevel, AlertMute, AlertRecord, Kind
from banso.base.models import Role, User
from banso.base.roles import MANAGERS
from banso.core.estimate import Estimate
from banso.core.moves import LEVELS, STANDARD
from banso.core.track_record import NAIVE, Record
from banso.engagements.access import book, engagements
from banso.web.tradeoff import Mark

ACTED_DAYS = 90


@dataclass(frozen=True)
class LevelLine:
    """What a level would have raised each week among one's own customers, and its record."""

    level: int
    per_week: float
    record: Record
    chosen: bool

    @property
    def share(self) -> Estimate | None:
        return self.record.share if isinstance(self.record.share, Estimate) else None

    @property
    def false_alarms(self) -> float | None:
        return 1 - self.share.value if self.share else None


@dataclass(frozen=True)
class KindSetting:
    """`level` is the reader's, `own` whether they chose it, `common` that of everybody else;
    `set_for_all` whether a manager chose that. `raised` and `acted` count the last 90 days."""

    kind: str
    level: int
    own: bool
    common: int
    set_for_all: bool
    earned: int
    lines: Sequence[LevelLine]
    marks: Sequence[Mark]
    chance: float | None
    raised: int
    acted: int

    @property
    def known(self) -> bool:
        return any(each.share for each in self.lines)

    @property
    def acted_share(self) -> float | None:
        return self.acted / self.raised if self.raised else None


@dataclass(frozen=True)
class SettingsPage:
    """`book` customers are the reader's, `customers` were looked at, over `weeks`."""

    kinds: Sequence[KindSetting]
    naive: Sequence[tuple[str, LevelLine]]
    mutes: Sequence[AlertMute]
    as_of: date | None
    weeks: int
    customers: int
    book: int
    for_all: bool


def settings_page(*, user: User, role: Role, today: date) -> SettingsPage:
    head = AlertRecord.objects.first()
    own = book(user, "me").count()
    mine = own or engagements(user).count()
    part = mine / (head.customers * head.weeks) if head and head.customers else 0.0
    kept = stored_records()
    return SettingsPage(
        kinds=kinds_of(user, kept, part, today),
        naive=[
            (rule, LevelLine(STANDARD, part * found.alerts, found, False))
            for rule in NAIVE
            if (found := kept.get((rule, STANDARD)))
        ],
        mutes=mutes_of(user, today),
        as_of=head.as_of if head else None,
        weeks=head.weeks if head else 0,
        customers=head.customers if head else 0,
        book=mine,
        for_all=role in MANAGERS,
    )


def mutes_of(user: User, today: date) -> list[AlertMute]:
    """What the user muted, but customers they may not read (any more)."""
    readable = Q(engagement=None) | Q(engagement__in=engagements(user).order_by().values("pk"))
    rows = open_mutes(user, today).filter(readable).select_related("engagement__party")
    return list(rows.order_by("until", "pk"))


def kinds_of(
    user: User, kept: Mapping[tuple[str, int], Record], part: float, today: date
) -> list[KindSetting]:
    levels, common = levels_of(user), defaults()
    chosen = set(AlertLevel.objects.filter(user=user).values_list("kind", flat=True))
    for_all = set(AlertLevel.objects.filter(user=None).values_list("kind", flat=True))
    counted = acted_on(user, today)
    return [
        KindSetting(
            kind=kind,
            level=levels[kind],
            own=kind in chosen,
            common=common[kind],
            set_for_all=kind in for_all,
            earned=earned(kept.get((kind, STANDARD))),
            lines=(lines := lines_of(kind, kept, part, levels[kind])),
            marks=marks_of(lines),
            chance=lines[0].record.chance if lines else None,
            raised=counted.get(kind, (0, 0))[0],
            acted=counted.get(kind, (0, 0))[1],
        )
        for kind in Kind.values
    ]


def lines_of(
    kind: str, kept: Mapping[tuple[str, int], Record], part: float, level: int
) -> list[LevelLine]:
    return [
        LevelLine(each, part * found.alerts, found, each == level)
        for each in LEVELS
        if (found := kept.get((kind, each)))
    ]


def marks_of(lines: Sequence[LevelLine]) -> list[Mark]:
    """The levels whose past is long enough to be drawn."""
    return [
        Mark(
            gettext("Level %(level)s") % {"level": each.level},
            each.per_week,
            each.share.value,
            each.share.low or 0.0,
            each.share.high or 1.0,
            each.chosen,
        )
        for each in lines
        if each.share
    ]


def acted_on(user: User, today: date) -> dict[str, tuple[int, int]]:
    """By kind, how many alerts of readable customers there were and how many were acted on."""
    rows = (
        Alert.objects.filter(
            engagement__in=engagements(user).order_by().values("pk"),
            day__gte=today - timedelta(days=ACTED_DAYS),
        )
        .values("kind")
        .annotate(raised=Count("pk"), acted=Count("pk", filter=Q(closed_as=Alert.Closed.ACTED)))
        .order_by("kind")
    )
    return {row["kind"]: (row["raised"], row["acted"]) for row in rows}
