"""The words that files use for our codes, compared without width, case and spaces."""

from collections.abc import Mapping

from banso.core.cells import Cell, Problem, is_empty, problem
from banso.core.headers import normalise


def _table(**codes: str) -> Mapping[str, str]:
    return {word: code for code, words in codes.items() for word in words.split()}


TOUCH = _table(
    high="high ハイ ハイタッチ hightouch 高 手厚い 重点 専任",
    low="low ロー ロータッチ lowtouch mid ミッド ミドルタッチ 中 低 標準",
    tech="tech テック テックタッチ techtouch digital デジタル 自動 セルフ selfserve",
)
STATUS = _table(
    renewed="renewed 更新済 更新済み 更新 更新完了 更新ずみ 自動更新済 won",
    churned="churned churn 解約 解約済 解約済み 解約ずみ 非更新 終了 契約終了 満了 cancelled"
    " canceled lost terminated ended notrenewed",
    open="active 継続 継続中 契約中 有効 利用中 稼働中 current running live open pending 更新待ち"
    " 更新手続中 更新手続き中 手続中"
    " 更新待 更新予定 更新交渉中 交渉中 確認中 更新確認中 未更新 満了前 検討中 inprogress",
)
CHANNEL = _table(
    call="call phone 電話 tel 架電 受電",
    mail="mail email メール eメール",
    meeting="meeting 会議 打合せ 打ち合わせ 面談 商談 ミーティング mtg web会議 web面談 オンライン"
    " zoom teams オンライン会議 オンライン面談 定例 定例会 online",
    visit="visit 訪問 往訪 来社 来訪 対面 onsite",
    chat="chat チャット slack line chatwork",
    other="other その他",
)
PARTY = _table(
    organization="organization organisation company corporate 法人 会社 企業 団体 組織",
    person="person individual 個人 個人事業主",
)


def read_word(cell: Cell, words: Mapping[str, str]) -> str | Problem | None:
    """The code a word stands for; None for an empty cell; problem unknown_word."""
    if is_empty(cell):
        return None
    return words.get(normalise(cell)) or problem("unknown_word", cell)
