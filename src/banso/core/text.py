"""Keys for comparing names, and tokens for searching, in Japanese and English.

What people typed is kept as typed; these are second columns beside it.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

# Two shapes of one character that Unicode keeps apart; names are typed either way.
_SHAPES = str.maketrans(
    "髙﨑𠮷濵濱邊邉齋齊澤廣國櫻德惠眞彥黑增榮瀧嶋冨桒栁",
    "高崎吉浜浜辺辺斎斉沢広国桜徳恵真彦黒増栄滝島富桑柳",
)
_HYPHENS = str.maketrans("‐‑‒–—―−", "-------")

_CJK = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"  # noqa: E501
_RUN = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_SPACE_AT_CJK = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])")

_LEGAL_WORDS = (
    r"株式会社|有限会社|合同会社|合資会社|合名会社|相互会社|"
    r"(?:一般|公益)(?:社団|財団)法人|学校法人|医療法人(?:社団|財団)?|社会福祉法人|宗教法人|"
    r"(?:特定非営利活動|npo)法人|(?:国立|地方)?独立行政法人|国立大学法人|"
    r"\((?:株|有|同|資|名|社|財|学|医|福|独|一社|一財|公社|公財)\)"
)
_LEGAL_SUFFIX = (
    r"incorporated|inc|company,?\s*limited|co\.?,?\s*ltd|(?:pte|pty|pvt)\.?\s*ltd|limited|ltd|"
    r"corporation|corp|company|co|llc|l\.l\.c|llp|plc|gmbh|s\.a\.?s?|b\.v|k\.k|kk|g\.k|gk"
)
_LEGAL = re.compile(
    rf"^(?:{_LEGAL_WORDS})\s*|\s*(?:{_LEGAL_WORDS})$|(?:,\s*|\s+|(?<=[{_CJK}]))(?:{_LEGAL_SUFFIX})\.?$"
)


def key(text: str, *, strip_legal_form: bool = False) -> str:
    """One comparison key for the ways a name is typed: width, case, spaces beside Japanese,
    hyphens and variant characters (髙 = 高) made equal. With `strip_legal_form`, 株式会社, (株),
    ㈱, Inc., Co., Ltd. and the like go from either end, unless nothing else is left."""
    folded = _fold(text).translate(_SHAPES).translate(_HYPHENS)
    found = " ".join(_SPACE_AT_CJK.sub("", folded.strip()).split())
    return _without_legal_form(found) if strip_legal_form else found


def one_shape(text: str) -> str:
    """As it is read, with width and variant characters (髙 = 高) made one."""
    return unicodedata.normalize("NFKC", text).translate(_SHAPES)


def search_tokens(text: str) -> list[str]:
    """The tokens to index or to look for, in order: words of letters and digits stay whole,
    runs of Chinese, Japanese and Korean characters become overlapping pairs (a lone character
    stays itself). Index and question must both come through here."""
    return list(_tokens(_fold(text).translate(_SHAPES)))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _tokens(folded: str) -> Iterator[str]:
    for run in _RUN.findall(folded):
        if len(run) > 1 and re.match(rf"[{_CJK}]", run):
            yield from (first + second for first, second in pairwise(run))
        else:
            yield run


def _without_legal_form(name: str) -> str:
    while (shorter := _LEGAL.sub("", name).strip(" ,")) and shorter != name:
        name = shorter
    return name
