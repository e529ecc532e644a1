"""Light markup: links, line breaks, mentions; never HTML."""

from hypothesis import given
from hypothesis import strategies as st

from banso.core.markup import lines, mentioned

STAFF = {1: "佐藤 花子", 2: "鈴木 一郎", 3: "佐藤 次郎", 4: "Ann Lee", 5: "Ann Leeds"}


def kinds(text: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for line in lines(text, STAFF) for piece in line]


def test_a_name_behind_the_mark_is_a_mention_however_it_is_spaced():
    for text in ("@佐藤 花子 さん", "@佐藤花子さん", "＠佐藤　花子", "お願いします@佐藤花子"):
        assert mentioned(text, STAFF) == {1}, text


def test_a_family_name_alone_mentions_only_where_one_person_has_it():
    assert mentioned("@鈴木 さん", STAFF) == {2}
    assert mentioned("@佐藤 さん", STAFF) == set()


def test_the_longest_name_wins_and_words_are_not_cut():
    assert mentioned("@Ann Leeds and @Ann Lee.", STAFF) == {4, 5}
    assert mentioned("@Ann Leeds", STAFF) == {5}
    assert mentioned("@ann lee", STAFF) == {4}
    assert mentioned("@Ann Leering", STAFF) == set()


def test_two_of_one_name_are_both_mentioned():
    assert mentioned("@山田 太郎", {7: "山田 太郎", 8: "山田太郎"}) == {7, 8}


def test_an_address_of_mail_mentions_nobody():
    assert mentioned("taro@鈴木 ではなく taro@Ann Lee", {4: "Ann Lee"}) == set()


def test_links_end_before_what_closes_the_sentence():
    assert kinds("見て https://example.jp/a?b=1。次") == [
        ("text", "見て "),
        ("link", "https://example.jp/a?b=1"),
        ("text", "。次"),
    ]
    assert kinds("(http://a.jp/b).")[1] == ("link", "http://a.jp/b")


def test_only_web_addresses_become_links():
    for text in ("javascript:alert(1)", "ftp://a.jp", "data:text/html,x", "www.example.jp"):
        assert {kind for kind, _ in kinds(text)} == {"text"}, text


def test_a_quote_ends_a_link_and_cannot_leave_its_attribute():
    [link] = [text for kind, text in kinds('https://a.jp/"onclick="x') if kind == "link"]
    assert link == "https://a.jp/"


def test_lines_are_kept():
    assert len(lines("一\n二\r\n\n三", STAFF)) == 4
    assert lines("", STAFF) == []


@given(st.text(alphabet='@＠佐藤花子 鈴木Anle\n<>"&/:.htps', max_size=60))
def test_nothing_is_lost_or_added(text):
    cut = ["".join(piece.text for piece in line) for line in lines(text, STAFF)]
    assert cut == text.splitlines()
