"""Conditions and values that they ask for, drawn by hypothesis."""

from datetime import date

from hypothesis import strategies as st

from banso.core.conditions import All, AnyOf, Is, Not

DAY = date(2026, 4, 11)
NAMES = ["a", "b", "c"]
names = st.sampled_from(NAMES)
texts = st.sampled_from(["high", "LOW", "東京", "x", "2026-04-10"])
numbers = st.integers(-5, 5) | st.sampled_from([0.5, -1.25])
asked = texts | numbers | st.booleans()
days = st.dates(date(2026, 3, 1), date(2026, 5, 30))
bounds = st.tuples(numbers, numbers) | st.tuples(days, days).map(
    lambda pair: tuple(day.isoformat() for day in pair)
)
several = st.lists(asked, min_size=1, max_size=3).map(tuple)
comparisons = st.one_of(
    st.builds(Is, names, st.sampled_from(["is", "is_not"]), asked | days.map(date.isoformat)),
    st.builds(Is, names, st.just("one_of"), several),
    st.builds(Is, names, st.just("contains"), texts),
    st.builds(Is, names, st.sampled_from(["lt", "le", "gt", "ge"]), numbers),
    st.builds(Is, names, st.sampled_from(["lt", "gt"]), days.map(date.isoformat)),
    st.builds(Is, names, st.just("between"), bounds),
    st.builds(Is, names, st.sampled_from(["known", "unknown"])),
    st.builds(Is, names, st.just("within_days"), st.integers(-40, 40)),
)
conditions = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda of: All(tuple(of))),
        st.lists(inner, min_size=1, max_size=3).map(lambda of: AnyOf(tuple(of))),
        inner.map(Not),
    ),
    max_leaves=6,
).filter(lambda condition: levels(condition) <= 6)
values = st.none() | asked | days | st.frozensets(texts, max_size=3)
everyone = st.dictionaries(names, values)


def levels(condition: All | AnyOf | Not | Is) -> int:
    if isinstance(condition, Is):
        return 1
    inner = (condition.of,) if isinstance(condition, Not) else condition.of
    return 1 + max(map(levels, inner), default=0)
