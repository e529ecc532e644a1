"""What measurements ask in Spark's words, without starting it."""

import pytest

pytest.importorskip("sqlglot")

from banso.engine.connect import literal
from banso.engine.spark_text import in_spark
from banso.engine.sql_where import number


def asked(expression: str) -> str:
    text, _ = in_spark(f"select {expression}")
    return text.removeprefix("SELECT ")


def test_days_between_days_keep_their_order_and_stay_whole_numbers() -> None:
    assert asked("date_diff('day', e.day, n.day)") == "DATEDIFF(n.day, e.day)"


def test_a_number_is_read_from_the_whole_text_of_a_property() -> None:
    text = asked(number("a/b~1c"))
    assert "TRY_ELEMENT_AT(properties, 'a/b~1c') AS STRING" in text
    assert r"([eE][+-]?[0-9]+)?)\\z'" in text
    assert "GET_JSON_OBJECT" not in text


def test_the_kinds_of_values_keep_their_names() -> None:
    text = asked("json_type(properties, '/n') = 'VARCHAR'")
    assert "SCHEMA_OF_VARIANT(TRY_ELEMENT_AT(properties, 'n'))" in text
    assert "WHEN 'STRING' THEN 'VARCHAR'" in text


def test_text_is_quoted_for_spark() -> None:
    assert asked(literal("it's a back\\slash")) == r"'it\'s a back\\slash'"


def test_the_same_files_are_one_view() -> None:
    text, read = in_spark(
        "select * from read_parquet(['/a b.parquet', '/it''s']) e join read_parquet(['/c']) c"
        " on true join read_parquet(['/c']) d on true"
    )
    assert read == {"files0": ["/a b.parquet", "/it's"], "files1": ["/c"]}
    assert "FROM files0 AS e JOIN files1 AS c ON TRUE JOIN files1 AS d" in text
