"""Sixty files that must not come in: (name, kind, content, the code that says why)."""

import io
import random
import zipfile

import openpyxl

HEAD = "account_id,name,segment\n"
CONTRACT = "contract_id,account_id,start_date,end_date,seats,mrr,currency,status\n"
EVENT = "occurred_at,account_id,event,count\n"


def sheet(rows, **extra):
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in extra.items():
        other = book.create_sheet(name)
        for row in more:
            other.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet(sql="select 'C1' as account_id, 'x' as name", tmp=None):
    import tempfile
    from pathlib import Path

    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.parquet"
        duckdb.sql(f"copy ({sql}) to '{path}' (format parquet)")
        return path.read_bytes()


def bomb():
    """A workbook whose sheet unpacks to 400 MB."""
    source = sheet([["account_id", "name"], ["C1", "x"]])
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(source)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for item in old.infolist():
            if item.filename != "xl/worksheets/sheet1.xml":
                new.writestr(item, old.read(item))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as big:
            for _ in range(400):
                big.write(b" " * (1 << 20))
    return out.getvalue()


def corrupt(content, at=0.5):
    """The same bytes with a hole of noise."""
    place = int(len(content) * at)
    noise = random.Random(7).randbytes(200)
    return content[:place] + noise + content[place + 200 :]


def contract(**cells):
    row = {
        "contract_id": "K1",
        "account_id": "C1",
        "start_date": "2025-01-01",
        "end_date": "2026-01-01",
        "seats": "5",
        "mrr": "100",
        "currency": "JPY",
        "status": "active",
    } | cells
    return CONTRACT + ",".join(row.values()) + "\n"


def event(at="2026-01-05T09:00:00Z", account="C1", name="login", count="1"):
    return EVENT + f"{at},{account},{name},{count}\n"


ROWS = [
    ("empty cell for a needed value", "accounts", HEAD + ",,large\n", "missing"),
    ("a row too short", "accounts", HEAD + "C1,x\n", "ragged"),
    ("a row too long", "accounts", HEAD + "C1,x,a,b\n", "ragged"),
    ("a shifted row", "accounts", HEAD + "C1,x,a,,,b\n", "ragged"),
    ("a spreadsheet error", "accounts", HEAD + "C1,#REF!,a\n", "spreadsheet_error"),
    ("a control character", "accounts", HEAD + "C1,x\x01y,a\n", "control_character"),
    ("an id too long", "accounts", HEAD + "C" * 300 + ",x,a\n", "too_long"),
    ("a name too long", "accounts", HEAD + "C1," + "長" * 400 + ",a\n", "too_long"),
    ("a date that is a word", "contracts", contract(end_date="いつか"), "not_a_date"),
    ("a thirteenth month", "contracts", contract(end_date="2026-13-01"), "no_such_date"),
    ("a 30th of February", "contracts", contract(end_date="2026-02-30"), "no_such_date"),
    ("an American date", "contracts", contract(end_date="03/04/2026"), "ambiguous_date"),
    ("a short year", "contracts", contract(end_date="26/3/4"), "ambiguous_date"),
    ("a date without a day", "contracts", contract(end_date="2026年3月"), "no_day"),
    ("an era before it began", "contracts", contract(end_date="平成0年1月1日"), "no_such_date"),
    ("seats in words", "contracts", contract(seats="たくさん"), "not_a_number"),
    ("half a seat", "contracts", contract(seats="2.5"), "not_whole"),
    ("seats below zero", "contracts", contract(seats="-3"), "negative"),
    ("more seats than people", "contracts", contract(seats="9000000000"), "too_large"),
    ("money in words", "contracts", contract(mrr="応相談"), "not_money"),
    ("money below zero", "contracts", contract(mrr="-5000"), "negative"),
    ("money in another currency", "contracts", contract(mrr="$100"), "other_currency"),
    ("too much money", "contracts", contract(mrr="9" * 18), "too_large"),
    ("a currency of no land", "contracts", contract(currency="XQX"), "unknown_currency"),
    ("a status of no meaning", "contracts", contract(status="ぼちぼち"), "unknown_word"),
    ("an end before its start", "contracts", contract(end_date="2024-01-01"), "ends_before_start"),
    ("no end", "contracts", contract(end_date=""), "missing"),
    ("no account", "contracts", contract(account_id=""), "missing"),
    ("a touch of no kind", "accounts", "account_id,name,touch\nC1,x,なんとなく\n", "unknown_word"),
    ("a contact to come", "contacts", "account_id,occurred_at\nC1,2999-01-01\n", "in_future"),
    ("a last contact to come", "accounts", "account_id,name,最終接点日\nC1,x,2999-01-01\n",
     "in_future"),
    ("an event to come", "events", event(at="2999-01-01"), "in_future"),
    ("an event of old", "events", event(at="1950-01-01"), "too_old"),
    ("an event without time", "events", event(at=""), "missing"),
    ("an event at 25 o'clock", "events", event(at="2026-01-05 25:00"), "no_such_time"),
    ("an event without name", "events", event(name=""), "missing"),
    ("an event of nobody", "events", event(account=""), "missing"),
    ("an event counted in words", "events", event(count="many"), "not_a_number"),
    ("an event counted below zero", "events", event(count="-1"), "negative"),
    ("an event counted too often", "events", event(count="99999999999"), "too_large"),
    ("a person without a company", "people", "person_id,account_id,name\nP1,,x\n", "missing"),
]  # fmt: skip

BOOK = sheet([["account_id", "name"], *[[f"C{i}", f"x{i}" * 20] for i in range(300)]])
TABLE = parquet("select 'C' || i as account_id, 'x' || i as name from range(5000) t(i)")
FILES = [
    ("nothing", "accounts", b"", "empty_file"),
    ("only spaces", "accounts", b"\n\n  \n", None),
    ("only headers", "accounts", HEAD, "no_rows"),
    ("duplicate headers", "accounts", "account_id,name,name\nC1,x,y\n", "duplicate_headers"),
    ("a picture", "accounts", b"\x89PNG\r\n\x1a\n" + bytes(100), "unknown_format"),
    ("a PDF", "accounts", b"%PDF-1.7\n" + bytes(100), "unknown_format"),
    ("an old Excel", "accounts", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xls"),
    ("UTF-16 without its mark", "accounts", (HEAD + "C1,x,a\n").encode("utf-16-le"), None),
    ("EUC-JP", "accounts", (HEAD + "C1,高橋商事,大口\n").encode("euc_jp")
     + b"\xff\xfe\x80\n", None),
    ("NUL", "accounts", HEAD + "C1,x\0y,a\n", "nul_byte"),
    ("an open quotation mark", "accounts", HEAD + 'C1,"x,a\nC2,y,b\n', None),
    ("a cell of 10 MB", "accounts", HEAD + "C1," + "x" * 10_000_000 + ",a\n", "cell_too_large"),
    ("too many columns", "accounts", ",".join(f"c{i}" for i in range(300)) + "\n", None),
    ("a truncated Parquet", "accounts", TABLE[: len(TABLE) // 2], "truncated"),
    ("a Parquet full of noise", "accounts", corrupt(TABLE, 0.9), None),
    ("a Parquet that is none", "accounts", b"PAR1" + bytes(50) + b"PAR1", None),
    ("half a workbook", "accounts", BOOK[: len(BOOK) // 2], None),
    ("a noisy workbook", "accounts", corrupt(BOOK), None),
    ("a zip of something else", "accounts", b"PK\x03\x04" + bytes(200), None),
    ("a zip bomb", "accounts", bomb(), "zip_bomb"),
    ("formulas without values", "contracts",
     sheet([["account_id", "end_date"], ["C1", "=TODAY()"]]), None),
]  # fmt: skip
