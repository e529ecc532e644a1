"""What companies and people are called, made comparable: without width, legal form, old forms of
characters, long vowels and branch; and how a name is read.

A reading is only ever taken from kana or Latin letters that somebody wrote. No dictionary guesses
how Chinese characters are read.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import jaconv

from banso.core.text import key

# Old forms that `text.key` leaves apart because search keeps them.
_OLD = str.maketrans(
    "壽澁條圓鐵關龍萬實學會藏豐淺瀨巖嶽嶌籠鷗德將傳經濟國榮藝營衞戶寬敎曉",
    "寿渋条円鉄関竜万実学会蔵豊浅瀬岩岳島篭鴎徳将伝経済国栄芸営衛戸寛教暁",
)
_SMALL = str.maketrans("ァィゥェォャュョヮヵヶ", "アイウエオヤユヨワカケ")
_VU = {"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ", "ヴ": "ブ"}
_MARKS = re.compile(r"[\s・･·.,'’`\"“”()\[\]「」『』【】/&+_〜~-]+")
_AND = re.compile(r"(?<=\w)\s*(?:&|アンド|\band\b)\s*(?=\w)")

_FORM = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|相互会社|(?:一般|公益)(?:社団|財団)法人|"
    r"学校法人|医療法人(?:社団|財団)?|社会福祉法人|宗教法人|(?:特定非営利活動|npo)法人|"
    r"(?:国立|地方)?独立行政法人|国立大学法人|\((?:株|有|同|資|名|社|財|学|医|福|独)\)"
)
_LATIN_FORM = re.compile(
    r"[\s,]+(?:incorporated|inc|company|co|limited|ltd|corporation|corp|kabushiki\s+kaisha|llc|"
    r"llp|plc|gmbh|pte|pty|k\.?k|g\.?k)\.?(?=[\s,.]|$)"
)
_PLACES = (
    "北海道|青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|東京|神奈川|新潟|富山|石川|福井|"
    "山梨|長野|岐阜|静岡|愛知|三重|滋賀|京都|大阪|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|"
    "香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄|札幌|仙台|横浜|川崎|名古屋|神戸|"
    "北九州|さいたま|浜松|堺|金沢|盛岡|郡山|宇都宮|高崎|水戸|松本|高松|松山|那覇|東北|関東|北陸|"
    "中部|東海|関西|近畿|中国|四国|九州|首都圏|東日本|西日本|中日本|第[一二三四五六七八九十0-9]+"
)
_OFFICE = (
    "支店|支社|営業所|事業所|支部|出張所|支局|オフィス|工場|センター|事業部|事務所|branch|office"
)
_HEAD = "本社|本店|本部|総務部|経理部|情報システム部|営業部|人事部|購買部"
_BRANCH = re.compile(
    rf"(?:(?P<place>{_PLACES})(?:第[一二三0-9]+)?(?:{_OFFICE})|(?P<head>{_HEAD}))$"
    rf"|\s+(?P<word>\S{{1,12}}?)\s*(?:{_OFFICE})$"
)

_ROMAJI = (
    ("si", "shi"), ("tu", "tsu"), ("ti", "chi"), ("hu", "fu"), ("zi", "ji"), ("sy", "sh"),
    ("ty", "ch"), ("jy", "j"), ("zy", "j"), ("l", "r"), ("v", "b"), ("x", "ks"),
)  # fmt: skip
_LONG = re.compile(r"ou|oh(?![aiueo])|oo|uu|aa|ee|ii|-")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc]+")


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A company's name in its parts: `core` says who, `branch` which of its places ("" for the
    whole), `reading` how the core is read as far as its own letters tell."""

    core: str
    branch: str
    reading: str


@lru_cache(maxsize=1 << 14)
def company_name(name: str) -> CompanyName:
    """The parts of a company's name; never an empty core for a name with a letter in it."""
    folded = key(name).translate(_OLD)
    bare = _FORM.sub(" ", folded).strip()
    bare = _LATIN_FORM.sub("", " " + bare).strip(" ,.")
    rest, branch = _without_branch(bare or folded)
    core = squeezed(rest) or squeezed(folded) or folded
    return CompanyName(core, branch, reading(rest))


def squeezed(name: str) -> str:
    """A name as it is compared: katakana for hiragana, without marks and long vowels."""
    text = jaconv.hira2kata(_AND.sub("&", key(name).translate(_OLD)))
    for written, plain in _VU.items():
        text = text.replace(written, plain)
    return _MARKS.sub("", text.translate(_SMALL)).replace("ー", "")


def person_name(name: str) -> str:
    """A person's name as it is compared: 佐藤　花子様 is 佐藤花子; Latin words in any order."""
    text = re.sub(r"(?:様|さん|殿|氏)$", "", key(name).translate(_OLD).strip())
    if text.isascii():
        return " ".join(sorted(re.findall(r"[a-z]+", text))) or text
    return squeezed(text)


def reading(text: str) -> str:
    """How a name in kana or Latin letters is read, as plain letters with long vowels shortened:
    ヤマダショウジ, Yamada Shoji and やまだしょうじ are one; "" where characters hide it."""
    bare = _FORM.sub("", key(text))
    bare = _LATIN_FORM.sub("", " " + bare)
    kana = jaconv.kata2hira(_MARKS.sub("", jaconv.hira2kata(bare)))
    if _KANA.fullmatch(kana):
        kana = jaconv.kana2alphabet(kana.replace("ー", ""))
    if not re.fullmatch(r"[a-z]+", kana):
        return ""
    return _shortened(kana)


def _shortened(letters: str) -> str:
    for written, plain in _ROMAJI:
        letters = letters.replace(written, plain)
    letters = re.sub(r"(?<![sc])h(?=[^aiueoy]|$)", "", letters)
    letters = re.sub(r"m(?=[bp])", "n", letters)
    letters = _LONG.sub(lambda found: found[0][0].strip("-"), letters)
    return re.sub(r"([^aiueo])\1+", r"\1", letters)


def _without_branch(name: str) -> tuple[str, str]:
    found = _BRANCH.search(name)
    rest = name[: found.start()].strip() if found else ""
    if found is None or not squeezed(rest):
        return name, ""
    if found["head"]:
        return _without_branch(rest)
    return rest, squeezed(found["place"] or found["word"])
