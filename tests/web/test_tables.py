from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from banso.web.tables import TableState

SORTABLE = ("name", "gap")


def state(query=""):
    return TableState.read(
        QueryDict(query), sortable=SORTABLE, default="-gap", filters=("owner",), path="/c/"
    )


def test_an_empty_address_is_the_default():
    found = state()
    assert (found.key, found.descending, found.page, found.q) == ("gap", True, 1, "")
    assert found.href == "/c/?"
    assert not found.narrowed


def test_links_keep_search_and_filters():
    found = state("q=山田&owner=7&sort=name&page=3")
    assert found.to_page(4) == "/c/?q=%E5%B1%B1%E7%94%B0&owner=7&sort=name&page=4"
    assert found.filter("owner") == "7"
    assert found.narrowed


def test_a_second_press_turns_the_order_round():
    first = state("sort=name").sorting("name")
    assert (first.aria, first.icon) == ("ascending", "arrow-up")
    assert first.href == "/c/?sort=-name"
    second = state("sort=-name").sorting("name")
    assert (second.aria, second.icon) == ("descending", "arrow-down")
    assert second.href == "/c/?sort=name"


def test_another_column_begins_ascending_on_the_first_page():
    other = state("page=9").sorting("name")
    assert (other.aria, other.href) == ("", "/c/?sort=name")


def test_a_filter_goes_to_the_first_page_and_can_be_taken_off():
    found = state("q=a&owner=7&page=3")
    assert found.filtered("owner", "8") == "/c/?q=a&owner=8"
    assert found.filtered("owner", "") == "/c/?q=a"
    assert found.cleared == "/c/?"


def test_unknown_words_are_dropped():
    found = state("sort=password&page=-2&colour=red")
    assert (found.sort, found.page, found.filters) == ("-gap", 1, ())
    assert state("page=٣").page == 1
    assert state("page=999999999999").page == 100_000


@given(st.text(max_size=50), st.text(max_size=50), st.sampled_from(["name", "-name", "gap"]))
def test_an_address_reads_back_as_the_same_state(q, owner, sort):
    words = QueryDict(mutable=True)
    words.update({"q": q, "owner": owner, "sort": sort, "page": "2"})
    before = TableState.read(words, sortable=SORTABLE, default="-gap", filters=("owner",))
    after = TableState.read(
        QueryDict(before.href.removeprefix("?")),
        sortable=SORTABLE,
        default="-gap",
        filters=("owner",),
    )
    assert after == before
