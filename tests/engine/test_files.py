"""What users bring, good and malformed: every file ends in its rows or in one clear code."""

import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import duckdb
import openpyxl
import pytest

from banso.engine.cells import MAX_CELL, MAX_COLUMNS, MAX_PARQUET
from banso.engine.files import FileProblem, Row, Sheet, file_kind, guess_header, rows, sheets

NOON = datetime.fromisoformat("2026-03-31T12:30")
WORDS = "髙﨑 ① ㈱ ～ ー"


@pytest.fixture
def put(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes, name: str = "file.bin") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


type Put = Callable[..., Path]


def workbook(*tables: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, table in enumerate(tables, start=1):
        sheet = book.create_sheet(f"表{number}")
        for row in table:
            sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def parquet_of(query: str, path: Path) -> Path:
    duckdb.sql(query).write_parquet(str(path))
    return path


def with_entry(book: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one entry of its archive replaced or added, deflated."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


def problem(path: Path) -> FileProblem:
    with pytest.raises(FileProblem) as refused:
        list(rows(path))
    return refused.value


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_of_any_office_reads_the_same(
    put: Put, encoding: str, delimiter: str, end: str
) -> None:
    lines = ["顧客ID,会社名,備考", f"1,{WORDS},", '2,"改\n行","a ""b"""', "", "3,x,y"]
    text = end.join(line.replace(",", delimiter) for line in lines) + end
    assert list(rows(put(text.encode(encoding)))) == [
        Row(1, ("顧客ID", "会社名", "備考")),
        Row(2, ("1", WORDS, None)),
        Row(3, ("2", "改\n行", 'a "b"')),
        Row(6, ("3", "x", "y")),
    ]


def test_the_name_of_a_file_does_not_matter(put: Put) -> None:
    assert file_kind(put(b"a,b\n1,2\n", "book.xlsx")) == "csv"
    assert file_kind(put(workbook([["a"]]), "list.csv")) == "xlsx"


def test_the_delimiter_is_the_one_the_lines_agree_on(put: Put) -> None:
    content = b'name;note\n"a,b";"1,5"\nb;"2,5,6"\nc;x\n'
    assert [r.cells for r in rows(put(content))][1] == ("a,b", "1,5")


def test_text_is_kept_as_typed_formulas_and_spaces_too(put: Put) -> None:
    content = "a,b\n =1+1 ,　１２ \n"
    assert list(rows(put(content.encode())))[1].cells == (" =1+1 ", "　１２ ")


def test_one_column_is_a_table(put: Put) -> None:
    assert [r.cells for r in rows(put(b"id\n1\n2"))] == [("id",), ("1",), ("2",)]


def test_ragged_rows_come_with_their_line_and_are_seen_not_to_fit(put: Put) -> None:
    found = list(rows(put(b"a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n")))
    assert [(r.line, r.fits(3)) for r in found] == [
        (1, True),
        (2, True),
        (3, False),
        (4, False),
        (5, True),
    ]


def test_a_long_file_is_read_as_it_is_asked_for(put: Put) -> None:
    path = put(b"a,b\n" + b"1,2\n" * 200_000)
    first = rows(path)
    assert [next(first).line for _ in range(3)] == [1, 2, 3]
    assert sheets(path) == [Sheet("file", 200_001)]


def test_utf8_cut_inside_its_last_character_is_truncated_not_cp932(put: Put) -> None:
    whole = "会社名,備考\n株式会社山田,髙".encode()
    assert problem(put(whole[:-1])).code == "truncated"
    assert problem(put(whole[:-2])).code == "truncated"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf", "empty_file"),
        (b"\n\n \n".replace(b" ", b""), "empty_file"),
        (b",,,\n,,\n", "empty_file"),
        (b"a,b\n1,\x002\n", "nul_byte"),
        ("a,b\n1,2\n".encode("utf-16-le"), "nul_byte"),
        (b"a,b\n\xff\xfe\xfd,\x80\n", "not_utf8_or_cp932"),
        ("name\ncafé\n".encode("latin-1"), "not_utf8_or_cp932"),
        ("会社\n株式\n".encode("euc-jp") + b"\x80\n", "not_utf8_or_cp932"),
        (b"\xef\xbb\xbfname\n\x8d\x82\n", "not_utf8_or_cp932"),
        (b'a,b\n1,"never closed\n2,3\n', "bad_quotes"),
        (b'a,b\n1,"x"y\n', "bad_quotes"),
        (b"a,b\n1," + b"x" * (MAX_CELL + 1) + b"\n", "cell_too_large"),
        (b"a,b\n1," + "あ".encode() * (MAX_CELL // 3 + 1) + b"\n", "cell_too_large"),
        (b"a,b\n1," + b"x" * 10_000_000 + b"\n", "cell_too_large"),
        (b"a,b\n1," + b"x" * 10_000_000, "cell_too_large"),
        (b",".join(b"c%d" % i for i in range(MAX_COLUMNS + 1)), "too_many_columns"),
        (b"%PDF-1.7\n1,2\n", "unknown_format"),
        (b"\x89PNG\r\n\x1a\n", "unknown_format"),
        (b"\x1f\x8b\x08\x00", "unknown_format"),
    ],
)
def test_a_malformed_csv_is_refused_with_its_code(put: Put, content: bytes, code: str) -> None:
    assert problem(put(content)).code == code


def test_a_refusal_says_where(put: Put) -> None:
    large = problem(put(b"a,b\n1,2\n3," + b"x" * 40_000 + b"\n"))
    assert large.params == {"line": 3, "column": 2, "limit": MAX_CELL}
    assert problem(put(b"a,b\n1,2\n\x00,3\n")).params == {"line": 3}
    assert problem(put(b'a,b\n1,2\n3,"x"y\n')).params == {"line": 3}


def test_a_cell_may_be_as_large_as_the_limit(put: Put) -> None:
    assert len(list(rows(put(b"a\n" + b"x" * MAX_CELL + b"\n")))) == 2


def test_more_rows_than_the_limit_are_refused(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("banso.engine.cells.MAX_ROWS", 3)
    assert len(list(rows(put(b"a\n1\n2\n\n3\n")))) == 4
    assert problem(put(b"a\n1\n2\n3\n4\n")).code == "too_many_rows"


# XLSX


def test_a_workbook_reads_by_sheet_with_values_of_their_kind(put: Put) -> None:
    table = [
        ["お客様台帳"],
        [],
        ["顧客ID", "会社名", "月額", "契約終了日", "更新", "確認"],
        [1, WORDS, 1200.5, date(2026, 3, 31), True, NOON],
        ["002", None, 120, "平成25年10月1日", None, None],
    ]
    path = put(workbook(table, [["空"]]))
    assert sheets(path) == [Sheet("表1", 5), Sheet("表2", 1)]
    found = list(rows(path, "表1"))
    assert found == list(rows(path))
    assert [r.line for r in found] == [1, 3, 4, 5]
    assert found[2].cells == (
        1,
        WORDS,
        1200.5,
        date(2026, 3, 31),
        True,
        NOON,
    )
    assert found[3].cells == ("002", None, 120, "平成25年10月1日", None, None)
    assert [r.cells for r in rows(path, "表2")] == [("空",)]


def test_a_table_that_starts_further_down_keeps_its_line_numbers(put: Put) -> None:
    book = openpyxl.Workbook()
    book.active["C4"], book.active["D4"] = "a", "b"
    book.active["C5"], book.active["D5"] = 1, 2
    stream = BytesIO()
    book.save(stream)
    found = list(rows(put(stream.getvalue())))
    assert [(r.line, r.cells[-2:]) for r in found] == [(4, ("a", "b")), (5, (1, 2))]


def test_hidden_sheets_are_not_offered(put: Put) -> None:
    book = openpyxl.Workbook()
    book.active.title = "見える"
    book.create_sheet("隠れた").sheet_state = "hidden"
    stream = BytesIO()
    book.save(stream)
    assert [s.name for s in sheets(put(stream.getvalue()))] == ["見える"]


def test_a_sheet_that_is_not_there(put: Put) -> None:
    with pytest.raises(FileProblem) as refused:
        list(rows(put(workbook([["a"]])), "売上"))
    assert (refused.value.code, refused.value.params) == ("no_such_sheet", {"sheet": "売上"})


BOOK = workbook([["id", "name"], *([i, f"name {i}"] for i in range(500))])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOOK[: len(BOOK) // 2], "truncated"),
        (BOOK[:-30], "truncated"),
        (b"PK\x03\x04" + b"garbage" * 20, "truncated"),
        (with_entry(BOOK, SHEET, b"<worksheet><sheetData><row"), "corrupt"),
        (with_entry(BOOK, "xl/workbook.xml", b"not xml <<<"), "corrupt"),
        (with_entry(BOOK, "xl/media/bomb.bin", bytes(201 << 20)), "zip_bomb"),
        (
            with_entry(BOOK, SHEET, b'<sheetData><c r="XFD1"><v>1</v></c></sheetData>'),
            "too_many_columns",
        ),
        (
            with_entry(
                BOOK, SHEET, b"<c r='A1'><v>1</v></c><x:c s='1' r='GR1048576'><v>1</v></x:c>"
            ),
            "too_many_rows",
        ),
        (workbook([]), "empty_file"),
        (workbook([["a", "x" * (MAX_CELL - 5)], ["b", "あ" * 12_000]]), "cell_too_large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(99)
            + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_malformed_workbook_is_refused_with_its_code(put: Put, content: bytes, code: str) -> None:
    path = put(content)
    assert problem(path).code == code
    if code not in ("empty_file", "cell_too_large"):
        with pytest.raises(FileProblem):
            sheets(path)


def test_an_archive_that_is_no_workbook(put: Put) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert problem(put(stream.getvalue())).code == "unknown_format"


def test_an_archive_that_lies_about_its_size_is_measured(put: Put) -> None:
    honest = with_entry(BOOK, "xl/media/bomb.bin", bytes(5 << 20))
    lying = honest.replace((5 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    assert problem(put(lying)).code in ("zip_bomb", "truncated", "corrupt")


def sharing(text: bytes, cells: int) -> bytes:
    """A workbook of one column whose cells all show the same text."""
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    texts = b"<sst %s><si><t>a</t></si><si><t>%s</t></si></sst>" % (space, text)
    cell = b'<row r="%d"><c r="A%d" t="s"><v>1</v></c></row>'
    told = b"".join(cell % (i, i) for i in range(1, cells + 1))
    sheet = b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (space, told)
    return with_entry(with_entry(BOOK, "xl/sharedStrings.xml", texts), SHEET, sheet)


def test_a_text_that_very_many_cells_share_is_a_bomb(put: Put) -> None:
    assert problem(put(sharing(b"x" * 30_000, 8_000))).code == "zip_bomb"
    assert [r.cells for r in rows(put(sharing(b"x" * 30_000, 3)))] == [("x" * 30_000,)] * 3


def test_one_long_text_among_many_short_ones_is_no_bomb(put: Put) -> None:
    table: list[list[object]] = [["note"], ["x" * 30_000], *([f"n{i % 5}"] for i in range(8_000))]
    assert len(list(rows(put(workbook(table))))) == 8_002


def test_a_locked_archive_is_encrypted(put: Put) -> None:
    locked = bytearray(BOOK)
    at = 0
    while (at := locked.find(b"PK\x01\x02", at)) >= 0:
        locked[at + 8] |= 1
        at += 4
    assert problem(put(bytes(locked))).code == "encrypted"


def test_formats_far_to_the_right_are_no_columns(put: Put) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook([["a", "b"], [1, 2]])))
    book.active["XFD1"].font = openpyxl.styles.Font(bold=True)
    stream = BytesIO()
    book.save(stream)
    assert [r.cells for r in rows(put(stream.getvalue()))] == [("a", "b"), (1, 2)]


# Parquet


def test_parquet_keeps_types_and_names_its_columns(tmp_path: Path) -> None:
    path = parquet_of(
        """select 1 as id, 'x' as name, null::varchar as nothing, 1.5::decimal(9, 2) as price,
           120::decimal(9, 2) as whole, date '2026-06-30' as day, true as on, 'nan'::double as nan,
           timestamp '2026-06-30 01:02:03' as local, timestamptz '2026-06-30 01:02:03+09' as at,
           {'plan': 'pro'} as properties, [1, 2] as list, time '12:00' as time""",
        tmp_path / "x.parquet",
    )
    names, values = rows(path)
    assert names == Row(
        1,
        (
            *("id", "name", "nothing", "price", "whole", "day", "on", "nan"),
            *("local", "at", "properties", "list", "time"),
        ),
    )
    assert values.line == 2
    assert values.cells == (
        *(1, "x", None, "1.50", 120, date(2026, 6, 30), True, None),
        datetime.fromisoformat("2026-06-30T01:02:03"),
        datetime(2026, 6, 29, 16, 2, 3, tzinfo=UTC),
        *('{"plan":"pro"}', "[1,2]", "12:00:00"),
    )
    assert sheets(path) == [Sheet("x", 2)]


def test_awkward_column_names_are_only_names(tmp_path: Path) -> None:
    path = parquet_of("""select 1 as "a""b", 2 as "select '" """, tmp_path / "it's.parquet")
    assert [r.cells for r in rows(path)] == [('a"b', "select '"), (1, 2)]


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_a_truncated_parquet(tmp_path: Path, put: Put, keep: float) -> None:
    whole = parquet_of("select i, md5(i::varchar) from range(5000) t(i)", tmp_path / "x.parquet")
    content = whole.read_bytes()
    assert problem(put(content[: int(len(content) * keep)])).code == "truncated"


def test_a_damaged_parquet(tmp_path: Path, put: Put) -> None:
    whole = parquet_of("select i, md5(i::varchar) from range(5000) t(i)", tmp_path / "x.parquet")
    content = whole.read_bytes()
    for middle in (b"\xff" * 4000, b"\x00" * 4000):
        damaged = content[:200] + middle + content[4200:]
        assert problem(put(damaged)).code == "corrupt"
    assert problem(put(b"PAR1" + bytes(100) + b"PAR1")).code == "corrupt"
    assert problem(put(b"PAR1PAR1")).code == "truncated"
    assert problem(put(b"PAR1" + bytes(100) + b"PARE")).code == "encrypted"


def test_parquet_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = ", ".join(f"{i} as c{i}" for i in range(MAX_COLUMNS + 1))
    assert problem(parquet_of(f"select {wide}", tmp_path / "a")).code == "too_many_columns"
    long = parquet_of("from range(1000001)", tmp_path / "b")
    assert problem(long).code == "too_many_rows"
    large = parquet_of(f"select repeat('x', {MAX_CELL + 1})", tmp_path / "c")
    assert problem(large).code == "cell_too_large"
    assert problem(parquet_of("select 'a' || chr(0)", tmp_path / "d")).code == "nul_byte"
    bomb = parquet_of("select repeat(i::varchar, 4000) from range(20000) t(i)", tmp_path / "f")
    assert bomb.stat().st_size < MAX_PARQUET
    assert problem(bomb).code == "too_large"
    monkeypatch.setattr("banso.engine.parquet_file.MAX_PARQUET", 10)
    assert problem(parquet_of("select 1", tmp_path / "e")).code == "too_large"


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = parquet_of(r"select '\xFF\xFE'::blob as raw", tmp_path / "x.parquet")
    assert problem(path).code == "corrupt"


# Headers


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ([("id", "name"), ("1", "x")], 0),
        ([("お客様台帳", None, None), ("id", "name", "mrr"), (1, "x", 2)], 1),
        (
            [
                ("台帳", None, None, None),
                ("作成日", "2026/4/1", None, None),
                ("顧客ID", "会社名", "担当", "契約終了日"),
                ("1", "x", "y", "2026/4/1"),
            ],
            2,
        ),
        ([("基本", None, "契約", None), ("id", "name", "start", "end")], 1),
        ([(1, 2, 3), (4, 5, 6)], 0),
        ([("id",), ("1",)], 0),
        ([], None),
    ],
)
def test_the_header_is_found_below_titles(table: list[tuple], place: int | None) -> None:
    assert guess_header(Row(i, cells) for i, cells in enumerate(table, start=1)) == place
