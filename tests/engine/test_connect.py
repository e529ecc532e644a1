from pathlib import Path

import duckdb
import pytest

from banso.engine.connect import connect, create, insert, literal, parquet


@pytest.fixture
def parts(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "mine's.parquet", tmp_path / "other.parquet"
    for path in paths:
        duckdb.sql("select 1 as x").write_parquet(str(path))
    return paths


def test_only_the_given_file_is_read(parts: tuple[Path, Path]) -> None:
    mine, other = parts
    with connect(mine) as connection:
        assert connection.execute(f"from {parquet([mine])}").fetchall() == [(1,)]
        with pytest.raises(duckdb.PermissionException):
            connection.execute(f"from {parquet([other])}")


def test_a_directory_is_allowed_whole_and_nothing_beside_it(tmp_path: Path) -> None:
    for name in ("lake", "lakeside"):
        (tmp_path / name).mkdir()
        duckdb.sql("select 1").write_parquet(str(tmp_path / name / "x.parquet"))
    with connect(tmp_path / "lake") as connection:
        connection.execute(f"from {parquet([tmp_path / 'lake' / 'x.parquet'])}")
        with pytest.raises(duckdb.PermissionException):
            connection.execute(f"from {parquet([tmp_path / 'lakeside' / 'x.parquet'])}")
        with pytest.raises(duckdb.PermissionException):
            connection.execute(f"from {parquet([tmp_path / 'lake/../lakeside/x.parquet'])}")


@pytest.mark.parametrize(
    "statement",
    [
        "copy (select 1) to '/banso-must-not-be-written'",
        "select * from read_text('/etc/hostname')",
        "attach '/banso-must-not-be-written.db'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "set memory_limit = '100GB'",
        "select * from 'https://example.com/x.parquet'",
    ],
)
def test_no_statement_gets_out(parts: tuple[Path, Path], statement: str) -> None:
    with connect(*parts) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement)
    assert not list(Path("/").glob("banso-must-not-be-written*"))


def test_a_python_variable_is_no_table() -> None:
    with connect() as connection, pytest.raises(duckdb.CatalogException):
        secret = {"x": [1]}
        connection.execute("from secret")
    assert secret


def test_work_that_outgrows_its_memory_fails_unless_it_may_spill(tmp_path: Path) -> None:
    query = "select count(distinct md5(i::varchar)) from range(1500000) t(i)"
    with connect(memory="64MB") as connection, pytest.raises(duckdb.OutOfMemoryException):
        connection.execute(query).fetchall()
    with connect(memory="64MB", spill=tmp_path / "spill") as connection:
        assert connection.execute(query).fetchall() == [(1_500_000,)]
    assert not (tmp_path / "spill").exists()


def test_rows_arrive_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banso.engine.connect._CHUNK", 2)
    rows = [(1, "a"), (None, "㈱"), (3, None), (2**40, "'"), (None, "5")]
    with connect() as connection:
        create(connection, "t", {"n": "bigint", "s": "varchar"})
        assert insert(connection, "t", iter(rows)) == 5
        assert connection.execute("from t").fetchall() == rows
        assert insert(connection, "t", []) == 0


def test_a_literal_is_only_ever_text() -> None:
    awkward = "'; drop table t; -- \\' ㈱ \n"
    with connect() as connection:
        assert connection.execute(f"select {literal(awkward)}").fetchall() == [(awkward,)]
    with pytest.raises(ValueError, match="NUL"):
        literal("a\0b")
