"""Where somebody can be reached, made comparable: domains, phones, postal codes, addresses."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

FREE_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.co.jp",
        "ymail.ne.jp",
        "yahoo.com",
        "ymail.com",
        "outlook.com",
        "outlook.jp",
        "hotmail.com",
        "hotmail.co.jp",
        "live.jp",
        "live.com",
        "msn.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "gmx.de",
        "mail.com",
        "zoho.com",
        "yandex.com",
        "qq.com",
        "163.com",
        "naver.com",
        "docomo.ne.jp",
        "ezweb.ne.jp",
        "au.com",
        "softbank.ne.jp",
        "i.softbank.jp",
        "vodafone.ne.jp",
        "ymobile.ne.jp",
        "ymobile1.ne.jp",
        "rakuten.jp",
        "nifty.com",
        "biglobe.ne.jp",
        "ocn.ne.jp",
        "so-net.ne.jp",
        "plala.or.jp",
        "dion.ne.jp",
        "asahi-net.or.jp",
        "excite.co.jp",
        "goo.ne.jp",
        "infoseek.jp",
        "jcom.home.ne.jp",
        "jcom.zaq.ne.jp",
        "hi-ho.ne.jp",
        "eonet.ne.jp",
        "wakwak.com",
        "tiki.ne.jp",
        "odn.ne.jp",
    ]
)
"""Where anybody has a mailbox: says nothing of a company."""

_SECOND_LEVEL = frozenset(
    ["co", "or", "ne", "ac", "go", "gr", "ed", "lg", "ad", "com", "net", "org", "gov", "edu"]
)
_PREFECTURES = [
    "北海道",
    "青森",
    "岩手",
    "宮城",
    "秋田",
    "山形",
    "福島",
    "茨城",
    "栃木",
    "群馬",
    "埼玉",
    "千葉",
    "東京",
    "神奈川",
    "新潟",
    "富山",
    "石川",
    "福井",
    "山梨",
    "長野",
    "岐阜",
    "静岡",
    "愛知",
    "三重",
    "滋賀",
    "京都",
    "大阪",
    "兵庫",
    "奈良",
    "和歌山",
    "鳥取",
    "島根",
    "岡山",
    "広島",
    "山口",
    "徳島",
    "香川",
    "愛媛",
    "高知",
    "福岡",
    "佐賀",
    "長崎",
    "熊本",
    "大分",
    "宮崎",
    "鹿児島",
    "沖縄",
]
_PREFECTURE = re.compile(rf"^(北海道|(?:{'|'.join(_PREFECTURES[1:])})(?:[都府県]|$))")
_DIGITS = {each: number for number, each in enumerate("〇一二三四五六七八九")}
_KANJI_NUMBER = re.compile(r"([〇一二三四五六七八九十]+)(?=丁目|番|号|条)")
_JOINED = re.compile(r"(?<=\d)(?:丁目|番地の?|番|号|条|の|ノ|-)(?=\d)")
_TAIL = re.compile(r"(?<=\d)(?:丁目|番地|番|号)")
_NUMBER = re.compile(r"\d+(?:-\d+)*")


@dataclass(frozen=True, slots=True)
class Address:
    """A Japanese address in parts: prefecture without 都府県, town up to the numbers, and the
    numbers (丁目-番-号) without the building; each "" where it is not told."""

    region: str = ""
    town: str = ""
    number: str = ""


@lru_cache(maxsize=1 << 14)
def domain(text: str) -> str:
    """The registrable domain of an e-mail, a web address or a domain; "" for free mail or none."""
    host = _folded(text).rpartition("@")[2].rpartition("://")[2]
    host = re.split(r"[/:?#\s]", host, maxsplit=1)[0].strip(".")
    labels = host.split(".")
    if len(labels) < 2 or not all(re.fullmatch(r"[\w-]+", each) for each in labels):
        return ""
    deep = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL
    found = ".".join(labels[-3:] if deep else labels[-2:])
    return "" if found in FREE_MAIL or host in FREE_MAIL else found


def email(text: str) -> str:
    """An e-mail address as it is compared; "" for what is none."""
    found = _folded(text).removeprefix("mailto:")
    return found if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", found) else ""


@lru_cache(maxsize=1 << 14)
def phone(text: str) -> str:
    """The digits of a phone number as dialled at home: +81 3-1234-5678 is 0312345678; without an
    extension; "" for what is no whole number."""
    first = re.split(r"内線|ext|x\d|[,、/;]", _folded(text).replace("(0)", ""), maxsplit=1)[0]
    digits = re.sub(r"\D", "", first)
    if digits.startswith("81") and "+" in first:
        digits = "0" + digits[2:]
    same = len(set(digits)) <= 2
    return digits if 9 <= len(digits) <= 15 and not same else ""


def postal_code(text: str) -> str:
    """Seven digits of a Japanese code, the letters and digits of another; "" for none."""
    return re.sub(r"[^0-9a-z]", "", _folded(text))


@lru_cache(maxsize=1 << 14)
def address(text: str) -> Address:
    """The parts of an address: 東京都港区芝一丁目２番３号 is (東京, 港区芝, 1-2-3)."""
    folded = re.sub(r"\s+", "", _KANJI_NUMBER.sub(_arabic, _folded(text)))
    folded = re.sub(r"[‐‑–—―−ー](?=\d)", "-", re.sub(r"^〒?\d{3}-?\d{4}", "", folded))
    plain = _TAIL.sub("", _JOINED.sub("-", folded))
    found = _PREFECTURE.match(plain)
    rest = plain[found.end() :] if found else plain
    number = _NUMBER.search(rest)
    town = rest[: number.start()] if number else rest
    spelled = town.replace("ケ", "ヶ").replace("ヶ", "が").replace("大字", "").replace("字", "")
    return Address(prefecture(found[1] if found else ""), spelled, number[0] if number else "")


def prefecture(text: str) -> str:
    """A prefecture without 都府県; another region as it is written, folded."""
    folded = _folded(text).strip()
    bare = folded if folded == "北海道" else re.sub(r"[都府県]$", "", folded)
    return bare if bare in _PREFECTURES else folded


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _arabic(found: re.Match[str]) -> str:
    """二十三 is 23, 一〇 is 10."""
    if "十" not in found[1]:
        return "".join(str(_DIGITS[each]) for each in found[1])
    tens, _, ones = found[1].partition("十")
    return str(10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0))
