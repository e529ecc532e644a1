"""What a book weighs, who carries too much, how it is shared out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banso.core.load import Parcel, hints, shared_out, weight


def test_a_customer_weighs_by_touch_and_more_at_the_beginning():
    assert weight("high", beginning=False) == 4
    assert weight("low", beginning=True) == 1.5
    assert weight("tech", beginning=False) == pytest.approx(0.1)


def test_who_carries_too_much_is_named_with_whom_to_share():
    [hint] = hints({1: 30.0, 2: 10.0, 3: 20.0})
    assert (hint.heavy, hint.light) == (1, 2)
    assert hint.ratio == pytest.approx(1.5)
    assert hint.amount == pytest.approx(10)


def test_even_loads_and_a_single_owner_need_no_hint():
    assert hints({1: 10.0, 2: 12.0}) == []
    assert hints({1: 10.0}) == []
    assert hints({1: 0.0, 2: 0.0}) == []


def test_one_kind_stays_together_where_it_fits():
    parcels = [Parcel(1, "A", "high", 4), Parcel(2, "A", "high", 4), Parcel(3, "B", "low", 4)]
    parcels += [Parcel(4, "B", "low", 4)]
    found = shared_out(parcels, {7: 0.0, 8: 0.0})
    assert found[1] == found[2] != found[3] == found[4]


def test_who_carries_less_receives_more():
    parcels = [Parcel(i, str(i), "low", 1) for i in range(10)]
    found = shared_out(parcels, {7: 6.0, 8: 0.0})
    assert sorted(found.values()).count(8) == 8


def test_nobody_to_receive_is_refused():
    with pytest.raises(ValueError, match="nobody"):
        shared_out([Parcel(1, "A", "low", 1)], {})


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["high", "low", "tech"]))),
    st.lists(st.floats(0, 50), min_size=1, max_size=5),
)
def test_everything_arrives_once(kinds, carried):
    parcels = [Parcel(i, s, t, weight(t, beginning=False)) for i, (s, t) in enumerate(kinds)]
    found = shared_out(parcels, dict(enumerate(carried)))
    assert sorted(found) == list(range(len(kinds)))
    assert set(found.values()) <= set(range(len(carried)))
