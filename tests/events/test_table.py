"""The table in a file: what is data and what only sums it up."""

import pytest

from banso.engine.files import Row
from banso.events.table import sums_up

WITH_ID = {"account_id": 0, "name": 1}
NAMES_ONLY = {"name": 0}


@pytest.mark.parametrize(
    ("cells", "columns", "expected"),
    [
        (("", "合計", 1200), WITH_ID, True),
        ((None, "Total", 3), WITH_ID, True),
        (("　", "総 計", 3), WITH_ID, True),
        (("C1", "合計", 3), WITH_ID, False),
        (("C1", "Total", 3), WITH_ID, False),
        (("", "合計商事", 3), WITH_ID, False),
        (("合計", 3), NAMES_ONLY, True),
        (("Total", 3), NAMES_ONLY, False),
        (("青空", 3), NAMES_ONLY, False),
    ],
)
def test_a_row_of_totals_has_the_word_and_no_id(cells, columns, expected):
    assert sums_up(Row(9, cells), columns) == expected


def test_a_ledger_that_ends_with_its_sums_comes_in_without_them(bring):
    owner = bring("accounts", "顧客ID,会社名,席数\nC1,青空,3\nC2,若葉,4\n,小計,7\n,合計,7\n")

    assert (owner.status, owner.lines, owner.imported) == ("done", 2, 2)


def test_a_ledger_of_names_does_not_make_a_customer_called_total(bring):
    owner = bring("accounts", "会社名,区分\n青空,大口\n合計,1\n")

    assert (owner.lines, owner.imported) == (1, 1)
