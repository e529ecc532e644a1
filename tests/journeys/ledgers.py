"""A customer list as companies keep it, in each language, and what must come of it."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

SEATS = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True)
class Line:
    """A customer; days count from today, `contact` into the past."""

    name: str
    yen: int
    mine: bool
    ends: int
    contact: int


NAMES = {
    "ja": ["髙﨑商事", "山田①工業㈱", "みどり物流", "㈲あかね堂", "北星食品", "海山電機"],
    "en": ["Alder & Sons", "Birch Ltd", "Cedar Logistics", "Dogwood", "Elm Foods", "Fir Electric"],
}
LINES = [
    (6_000_000, True, 25, 100),
    (3_600_000, True, 25, 100),
    (1_200_000, True, 200, 60),
    (24_000_000, True, 25, 4),
    (2_400_000, False, 40, 70),
    (900_000, False, 300, 12),
]
ME = {"ja": "佐藤 花子", "en": "Hanna Sato"}
COLLEAGUE = {"ja": "鈴木 一郎", "en": "Ian Suzuki"}
HEADERS = {
    "ja": "顧客ID,会社名,区分,年間契約額(円),席数,契約開始日,契約終了日,担当,最終訪問日,備考",
    "en": "ID,Company,Segment,Annual value,Seats,Start,Renewal date,Owner,Last contact,Note",
}


def lines(language: str) -> list[Line]:
    return [Line(name, *line) for name, line in zip(NAMES[language], LINES, strict=True)]


def ranked(language: str) -> list[str]:
    """My customers that need me: by gap x value x urgency; the fourth was spoken with just now."""
    return NAMES[language][:3]


def ledger(language: str, folder: Path, today: date) -> Path:
    return {"ja": workbook, "en": text}[language](folder, today)


def workbook(folder: Path, today: date) -> Path:
    """Two sheets, two lines of title, era dates, full-width digits, yen signs."""
    book = Workbook()
    book.active.title = "記入要領"
    book.active.append(["担当者は月末までに更新してください"])
    sheet = book.create_sheet("顧客台帳")
    sheet.append(["顧客台帳（2026年度）"])
    sheet.append(["カスタマーサクセス部 作成", None, "社外秘"])
    sheet.append([])
    sheet.append(HEADERS["ja"].split(","))
    for number, line in enumerate(lines("ja"), start=1):
        sheet.append(
            [
                f"C{number:03}",
                line.name,
                "大口" if line.yen >= 3_000_000 else "中小",
                f"¥{line.yen:,}",
                str(10 * number).translate(SEATS),
                "平成25年10月1日",
                era(today + timedelta(days=line.ends)),
                ME["ja"] if line.mine else COLLEAGUE["ja"],
                today - timedelta(days=line.contact),
                None,
            ]
        )
    path = folder / "顧客台帳.xlsx"
    book.save(path)
    return path


def text(folder: Path, today: date) -> Path:
    path = folder / "customers.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        rows = csv.writer(file)
        rows.writerow(HEADERS["en"].split(","))
        for number, line in enumerate(lines("en"), start=1):
            rows.writerow(
                [
                    f"C{number:03}",
                    line.name,
                    "Large" if line.yen >= 3_000_000 else "Small",
                    f"{line.yen:,}",
                    10 * number,
                    "2013-10-01",
                    f"{today + timedelta(days=line.ends):%b %d, %Y}",
                    ME["en"] if line.mine else COLLEAGUE["en"],
                    f"{today - timedelta(days=line.contact):%Y-%m-%d}",
                    "",
                ]
            )
    return path


def era(day: date) -> str:
    return f"令和{day.year - 2018}年{day.month}月{day.day}日"
