import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from banso.web.csv import csv_response, safe_cell

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
CELLS = st.text() | st.builds("{}{}".format, st.sampled_from(DANGEROUS), st.text())


def read(response):
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


@given(CELLS)
def test_no_cell_begins_like_a_formula(text):
    assert not safe_cell(text).lstrip(" \n").startswith(DANGEROUS)


@given(CELLS)
def test_nothing_is_lost_but_an_apostrophe_in_front(text):
    assert safe_cell(text) in (text, f"'{text}")


@given(
    st.lists(st.lists(CELLS.filter(lambda t: "\0" not in t), min_size=2, max_size=2), max_size=5)
)
def test_rows_come_back_as_they_were_written(rows):
    found = read(csv_response("x", ("a", "b"), rows))
    assert found == [["a", "b"], *([safe_cell(cell) for cell in row] for row in rows)]


def test_numbers_stay_numbers_and_nothing_is_empty():
    assert read(csv_response("x", ("a", "b", "c"), [(-5, 1.5, None)])) == [
        ["a", "b", "c"],
        ["-5", "1.5", ""],
    ]


def test_a_download_for_a_japanese_spreadsheet():
    response = csv_response("お客様 2026", ("会社名",), [("髙﨑工務店",)])
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert b"".join(response.streaming_content).startswith(b"\xef\xbb\xbf")


def test_rows_are_read_only_as_they_are_sent():
    asked = []

    def rows():
        for number in range(3):
            asked.append(number)
            yield (number,)

    stream = iter(csv_response("x", ("n",), rows()).streaming_content)
    next(stream)
    assert asked == []
    next(stream)
    assert asked == [0]
