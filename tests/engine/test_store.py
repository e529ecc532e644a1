"""A store without files is opened once in a thread, and nothing of one use is seen by the next."""

import threading

import pytest

from banso.engine.store import Local, local


def test_nothing_of_one_use_is_seen_by_the_next() -> None:
    for value in (1, 2):
        with local([]) as store:
            assert isinstance(store, Local)
            connection = store.connection
            store.table("subject", {"day": "integer"}, [(value,)])
            store.derived("named", "select day + 1 as day from subject")
            assert list(store.rows("select day from named")) == [(value + 1,)]
    with local([]) as again:
        assert isinstance(again, Local)
        assert again.connection is connection
        assert list(again.rows("show tables")) == []


def test_two_at_once_and_another_thread_have_stores_of_their_own() -> None:
    seen = []
    with local([]) as outer, local([]) as inner:
        seen += [outer, inner]

    def look() -> None:
        with local([]) as store:
            seen.append(store)

    other = threading.Thread(target=look)
    other.start()
    other.join()
    assert len({id(each) for each in seen}) == 3


def test_one_in_which_something_failed_is_not_used_again() -> None:
    with pytest.raises(ValueError, match="no use"), local([]) as broken:
        broken.table("subject", {"day": "integer"}, [(1,)])
        raise ValueError("no use")
    with local([]) as fresh:
        assert fresh is not broken
        assert list(fresh.rows("show tables")) == []
