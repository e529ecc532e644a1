"""Who is in a segment: the database and the grammar agree; on a day, in scope, in order."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banso.actions.actions import NextStep, add_action
from banso.base.models import Activity, Team, User
from banso.base.workspace import local_today
from banso.core.conditions import All, AnyOf, Condition, Is, Not, Op
from banso.engagements.models import Engagement
from banso.metrics.fields import fields
from banso.metrics.models import LatestValue, Segment
from banso.metrics.segment_actions import (
    SegmentSheet,
    duplicate_segment,
    make_segment,
    order_segments,
    restore_segment,
    retire_segment,
    revise_segment,
)
from banso.metrics.segments import (
    OfToday,
    count,
    holding,
    lost,
    matching,
    members,
    memberships,
    of_today,
    on_days,
    segments_in_use,
)
from banso.parties.models import Organization
from tests.engagements.making import make_contract, make_customer
from tests.goals.making import make_metric, measure

pytestmark = pytest.mark.django_db
NAME = {"ja": "大口", "en": "Large"}


@pytest.fixture
def book(workspace: Any, staff: Any) -> list[Engagement]:
    """Eight customers that differ in everything that can be asked."""
    cache.clear()
    today, team = local_today(), Team.objects.create(name="東日本")
    people = [staff(name="森", team=team), staff(name="林"), None]
    metric = make_metric("seats-used")
    found = []
    for i in range(8):
        each = make_customer(
            f"会社{i} Acme",
            segment=("大口", "", "中小")[i % 3],
            touch=("high", "low", "tech")[i % 3],
            owner=people[i % 3],
            started_on=None if i == 5 else today - timedelta(days=10 * i),
        )
        Organization.objects.filter(party=each.party).update(region=("東京", "")[i % 2])
        if i % 4:
            contracts(each, i, today)
        if i % 2:
            LatestValue.objects.create(
                metric=metric, engagement=each, version=1, as_of=today, value=i
            )
            measure(metric, each, (today - timedelta(days=1)).isoformat(), i)
        for n in range(i % 3):
            add_action(engagement=each, by=people[0], step=NextStep(f"{n}", people[0], today))
        found.append(each)
    return found


def contracts(each: Engagement, i: int, today: date) -> None:
    """Of some the last one ended: still open, or lost."""
    ends = today + timedelta(days=(30, 400, -5, -5)[i % 4])
    fate = {"outcome": "churned", "outcome_known_on": ends.isoformat()} if i == 7 else {}
    start = (today - timedelta(days=365)).isoformat()
    make_contract(each, start, ends.isoformat(), seats=i or None, plan=("", "標準")[i % 2], **fate)
    if i == 6:
        make_contract(each, today.isoformat(), (today + timedelta(days=9)).isoformat(), seats=60)


TEXTS = {
    "name": ["Acme", "会社3", "会社3 acme"],
    "label": ["大口", "中"],
    "region": ["東京", "京"],
    "plan": ["標準", "準"],
    "touch": ["high", "tech"],
}
NUMBERS = ["seats", "open_actions", "metric:seats-used"]
DATES = ["started", "contract_end", "contract_start", "notice"]
some_days = st.integers(-400, 400)
numbers = st.integers(-1, 9)


def text_rows(kinds: tuple[Op, ...]) -> st.SearchStrategy[Is]:
    return st.sampled_from(sorted(TEXTS)).flatmap(
        lambda key: st.builds(Is, st.just(key), st.sampled_from(kinds), st.sampled_from(TEXTS[key]))
    )


rows = st.one_of(
    text_rows(("is", "is_not", "contains")),
    st.builds(Is, st.sampled_from(NUMBERS), st.sampled_from(["lt", "le", "gt", "ge"]), numbers),
    st.builds(Is, st.sampled_from(NUMBERS), st.sampled_from(["is", "is_not"]), numbers),
    st.builds(Is, st.sampled_from(NUMBERS), st.just("between"), st.tuples(numbers, numbers)),
    st.builds(Is, st.sampled_from(DATES), st.just("within_days"), some_days),
    st.builds(
        Is,
        st.sampled_from(DATES),
        st.sampled_from(["ge", "le", "lt", "gt", "is"]),
        some_days.map(lambda n: (date(2026, 11, 21) + timedelta(days=n)).isoformat()),
    ),
    st.builds(
        Is, st.sampled_from([*TEXTS, *NUMBERS, *DATES, "owner", "team", "gone"]),
        st.sampled_from(["known", "unknown"]),
    ),
    st.builds(Is, st.just("touch"), st.just("one_of"), st.just(("high", "low"))),
    st.builds(Is, st.just("gone"), st.sampled_from(["is", "is_not"]), st.just("x")),
)  # fmt: skip
conditions = st.recursive(
    rows,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda of: All(tuple(of))),
        st.lists(inner, min_size=1, max_size=3).map(lambda of: AnyOf(tuple(of))),
        inner.map(Not),
    ),
    max_leaves=4,
)
patient = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@patient
@given(conditions)
def test_the_database_and_the_grammar_agree(book: list[Engagement], asked: Condition) -> None:
    today = local_today()
    told = {each for each, _ in on_days(asked, [(each.pk, today) for each in book])}
    assert set(matching(asked).values_list("pk", flat=True)) == told


@patient
@given(st.lists(conditions, min_size=1, max_size=4))
def test_for_one_engagement_several_are_asked_at_once(
    book: list[Engagement], asked: list[Condition]
) -> None:
    numbered = dict(enumerate(asked))
    for each in (book[0], book[5]):
        told = {number for number, one in numbered.items() if each in matching(one)}
        with CaptureQueriesContext(connection) as captured:
            assert holding(numbered, each.pk) == told
        assert sum("holds_0" in one["sql"] for one in captured) == 1


def test_owner_and_team(book: list[Engagement]) -> None:
    mori, team = book[0].owner, Team.objects.get()
    assert mori is not None
    theirs = {each.pk for each in book if each.owner == mori}
    for asked in (Is("owner", "is", mori.uid), Is("team", "is", team.uid)):
        assert set(matching(asked).values_list("pk", flat=True)) == theirs
        assert set(matching(Not(asked)).values_list("pk", flat=True)) == ids(book) - theirs
        pairs = [(each.pk, date(2026, 1, 1)) for each in book]
        assert {each for each, _ in on_days(asked, pairs)} == theirs


def ids(book: list[Engagement]) -> set[int]:
    return {each.pk for each in book}


def test_a_day_knows_its_own_contracts(book: list[Engagement]) -> None:
    today = local_today()
    running = Is("contract_end", "ge", today.isoformat())
    long_ago = today - timedelta(days=700)
    assert matching(running).count() > 0
    assert on_days(running, [(each.pk, long_ago) for each in book]) == set()
    segment = make_segment(sheet=SegmentSheet(NAME, running), by=None)
    assert memberships([segment], ids(book), long_ago) == {segment.pk: set()}
    assert len(memberships([segment], ids(book), today)[segment.pk]) == count(segment)


def test_only_what_the_reader_may_read(book: list[Engagement], staff: Any) -> None:
    segment = make_segment(sheet=SegmentSheet(NAME, All()), by=None)
    assert count(segment, staff("viewer")) == len(book)
    outsider = User.objects.create_user("x@example.com", "a long enough pass phrase", name="外")
    assert count(segment, outsider) == 0
    Engagement.objects.filter(pk=book[0].pk).update(merged_into=book[1])
    assert members(segment).count() == len(book) - 1


def test_a_retired_metric_is_known_of_nobody(book: list[Engagement]) -> None:
    asked = Is("metric:seats-used", "ge", 0)
    assert matching(asked).count() == 4
    assert lost(asked) == set()
    LatestValue.objects.get(engagement=book[1]).metric.__class__.objects.update(
        retired_at="2026-01-01T00:00Z"
    )
    assert matching(asked).count() == 0
    assert matching(Not(asked)).count() == len(book)
    assert lost(asked) == {"metric:seats-used"}


def test_what_rests_on_today_is_told() -> None:
    today_only = [each.key for each in fields() if each.at is None]
    for key in today_only:
        asked = All((Is(key, "known"), Is("touch", "is", "high")))
        assert [each.key for each in of_today(asked)] == [key]
        with pytest.raises(OfToday):
            on_days(asked, [(1, date(2026, 1, 1))])


def test_segments_are_written_and_every_change_recorded(workspace: Any, staff: Any) -> None:
    me, other = staff(), staff()
    high, low = Is("touch", "is", "high"), Is("touch", "is", "low")
    first = make_segment(sheet=SegmentSheet(NAME, high), by=me)
    second = duplicate_segment(segment=first, by=me, name={"ja": "写し", "en": ""})
    mine = make_segment(sheet=SegmentSheet(NAME, low, shared=False), by=me)
    assert [each.position for each in Segment.objects.all()] == [0, 1, 2]
    assert list(segments_in_use(me)) == [first, second, mine]
    assert list(segments_in_use(other)) == list(segments_in_use()) == [first, second]

    assert revise_segment(segment=first, sheet=SegmentSheet(NAME, low), by=me)
    assert not revise_segment(segment=first, sheet=SegmentSheet(NAME, low), by=me)
    told = Activity.objects.get(verb="segment.revised")
    assert (told.actor, told.detail["before"]["value"]) == (me, "high")
    assert told.detail["after"]["value"] == "low"

    order_segments(uids=[mine.uid, second.uid], by=me)
    assert list(Segment.objects.all()) == [mine, second, first]
    retire_segment(segment=mine, by=me)
    assert list(segments_in_use(me)) == [second, first]
    restore_segment(segment=mine, by=me)
    assert list(segments_in_use(me)) == [mine, second, first]
    assert Activity.objects.filter(verb__startswith="segment").count() == 7


@pytest.mark.parametrize("asked", [Is("touch", "is", "high"), Is("seats", "ge", 1)])
def test_one_statement_whatever_the_number(book: list[Engagement], asked: Condition) -> None:
    counted: Callable[[], int] = lambda: matching(asked).count()  # noqa: E731
    assert statements(counted) <= 3


def statements(work: Callable[[], int]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        work()
    return len(caught)
