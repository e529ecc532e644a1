"""The list of customers: a plain CSV in English; in Japanese the 顧客台帳 that a department has
kept by hand for years, with a cover, title rows, era dates and full-width figures."""

import csv
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill

from banso.demo import names
from banso.demo.book import EPOCH
from banso.demo.customers import SEGMENTS, TOUCHES, Customers
from banso.demo.names import Language, say, words
from banso.demo.write import iso, staff

HEADERS: dict[Language, Sequence[str]] = {
    "en": (
        "account_id", "name", "kind", "segment", "touch", "industry", "region", "owner",
        "customer_since",
    ),
    "ja": (
        "顧客ID", "会社名", "種別", "区分", "対応区分", "業種", "都道府県", "担当",
        "初回契約日", "年間契約額（税抜）", "備考",
    ),
}  # fmt: skip
REMARKS = ("", "", "", "", "", "請求書は郵送", "決算月注意", "窓口変更あり（要確認）", "紹介元あり")
FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")
WIDTHS = (11, 34, 8, 12, 14, 16, 10, 14, 18, 18, 24)


def write_accounts(
    out: Path, customers: Customers, *, rng: np.random.Generator, today: date, language: Language
) -> Path:
    """accounts.csv or accounts.xlsx in `out`."""
    if language == "en":
        return _csv(out / "accounts.csv", customers)
    return _workbook(out / "accounts.xlsx", customers, rng=rng, today=today)


def _csv(path: Path, customers: Customers) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADERS["en"])
        for account in range(len(customers)):
            first = iso(int(customers.first[account]))
            owner = _owner(account, customers, "en")
            writer.writerow([*_plain(account, customers, "en"), owner, first])
    return path


def _plain(account: int, customers: Customers, language: Language) -> list[str]:
    """The cells that are written the same way in every row."""
    lists = words("names")
    called = customers.called[account]
    place = lists["places"][int(customers.place[account])]
    return [
        customers.ids[account],
        say(called.pair, language),
        say(["個人", "person"] if called.person else ["法人", "organization"], language),
        say(lists["segments"][SEGMENTS[int(customers.segment[account])]], language),
        say(lists["touches"][TOUCHES[int(customers.touch[account])]], language),
        lists["industries"][int(customers.industry[account])][language],
        say(place[:2], language),
    ]


def _owner(account: int, customers: Customers, language: Language, *, gap: str = " ") -> str:
    owner = int(customers.owner[account])
    return customers.staff[owner].person.name(language, gap=gap) if owner >= 0 else ""


def _workbook(path: Path, customers: Customers, *, rng: np.random.Generator, today: date) -> Path:
    book = Workbook(write_only=True)
    book.properties.created = datetime.combine(today, time())
    _cover(book.create_sheet("表紙"), today)
    _list(book.create_sheet("顧客一覧"), customers, rng=rng, today=today)
    _books(book.create_sheet("担当別件数"), customers)
    book.active = 1
    book.save(path)
    return path


def _cover(sheet: Any, today: date) -> None:
    company = names.COMPANIES["ja"]
    sheet.append([])
    sheet.append([None, "顧客台帳"])
    sheet.append([None, f"{company.name}　カスタマーサクセス部"])
    sheet.append([None, f"{company.product}をご利用のお客様（{_reiwa(today)}現在）"])
    sheet.append([None, company.notice])


def _list(sheet: Any, customers: Customers, *, rng: np.random.Generator, today: date) -> None:
    """Three title rows, the headers, then one customer a row."""
    for letter, width in zip("ABCDEFGHIJK", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "C5"
    sheet.append([f"顧客台帳　{_reiwa(today)}現在", *[None] * 8, "単位：円"])
    sheet.append(["※架空のデータです　※担当変更時は企画課まで連絡のこと"])
    sheet.append([])
    sheet.append([_header(sheet, text) for text in HEADERS["ja"]])
    dice = rng.random((len(customers), 3))
    for account in range(len(customers)):
        sheet.append(_row(sheet, account, customers, dice[account].tolist()))


def _header(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="DDE3F0")
    cell.alignment = Alignment(horizontal="center")
    return cell


def _row(sheet: Any, account: int, customers: Customers, dice: list[float]) -> list[Any]:
    gap = "" if dice[0] < 0.2 else "　" if dice[0] < 0.35 else " "
    return [
        *_plain(account, customers, "ja"),
        _owner(account, customers, "ja", gap=gap),
        _day(sheet, date.fromordinal(EPOCH + int(customers.first[account])), dice[1]),
        _amount(sheet, int(customers.annual[account]), dice[2]),
        REMARKS[int(dice[0] * 1000) % len(REMARKS)] or None,
    ]


def _day(sheet: Any, day: date, dice: float) -> Any:
    """A date as different hands entered it over the years."""
    if dice < 0.25:
        return _era(day)
    if dice < 0.30:
        return _era(day).translate(FULL_WIDTH)
    if dice < 0.40:
        return f"{day.year}年{day.month}月{day.day}日"
    if dice < 0.50:
        return f"{day.year}/{day.month:02d}/{day.day:02d}"
    cell = WriteOnlyCell(sheet, value=day)
    cell.number_format = "yyyy/m/d"
    return cell


def _amount(sheet: Any, yen: int, dice: float) -> Any:
    if dice < 0.15:
        return f"¥{yen:,}"
    if dice < 0.20:
        return f"￥{yen:,}".translate(FULL_WIDTH)
    cell = WriteOnlyCell(sheet, value=yen)
    cell.number_format = "#,##0"
    return cell


def _books(sheet: Any, customers: Customers) -> None:
    sheet.append(["担当別のお客様数"])
    sheet.append([])
    sheet.append(["氏名", "件数"])
    for each in staff(customers, "ja"):
        if each["customers"]:
            sheet.append([each["name"], each["customers"]])


def _era(day: date) -> str:
    return _reiwa(day) if day >= date(2019, 5, 1) else _written("平成", day.year - 1988, day)


def _reiwa(day: date) -> str:
    return _written("令和", day.year - 2018, day)


def _written(era: str, year: int, day: date) -> str:
    return f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"
