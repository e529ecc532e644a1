import pytest

from banso.core.summary import summary


@pytest.mark.parametrize(
    ("aggregate", "expected"), [("mean", 4.0), ("median", 2.0), ("share", 1 / 3)]
)
def test_many_values_told_as_one(aggregate, expected):
    assert summary([1, 2, 9], aggregate, 3) == expected
    assert summary([], aggregate) is None
