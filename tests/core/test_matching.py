"""Telling one company written in many ways from two that look alike."""

import pytest

from banso.core.matching import (
    SUGGESTED,
    Match,
    Organization,
    Register,
    compare,
    mark_first,
)
from banso.core.names import company_name, person_name, reading
from banso.core.people_matching import Crowd, Individual
from banso.core.people_matching import compare as compare_people
from banso.core.whereabouts import Address, address, domain, phone
from tests.registers import register

YAMADA = ["株式会社山田商事", "㈱山田商事", "（株）山田商事", "山田商事株式会社", "山田商事 ㈱",
          "山田商事株式会社 本社", "㈱ 山田商事 情報システム部"]  # fmt: skip


@pytest.mark.parametrize("name", YAMADA)
def test_legal_form_width_and_department_do_not_matter(name):
    assert company_name(name).core == "山田商事"
    assert company_name(name).branch == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("㈱髙﨑商事", "高崎商事株式会社"),
        ("渡邊建設(株)", "株式会社渡辺建設"),
        ("株式会社ｺﾝﾋﾟｭｰﾀｰ・ｻｰﾋﾞｽ", "コンピュータサービス㈱"),
        ("ヴィータ合同会社", "ビータ"),
        ("キヤノン", "キャノン"),
        ("Yamada Co., Ltd.", "YAMADA Inc"),
        ("株式会社あおぞら", "アオゾラ"),
        ("國枝製作所", "国枝製作所"),
    ],
)
def test_variants_of_one_name(one, other):
    assert company_name(one).core == company_name(other).core


@pytest.mark.parametrize(
    ("name", "branch"),
    [
        ("山田商事㈱ 大阪支店", "大阪"),
        ("山田商事株式会社大阪営業所", "大阪"),
        ("株式会社山田商事名古屋支社", "名古屋"),
        ("東京センター株式会社", ""),
    ],
)
def test_branches_are_kept_apart(name, branch):
    assert company_name(name).branch == branch


def test_readings_meet_only_where_letters_tell():
    assert reading("ヤマダショウジ") == reading("Yamada Shoji") == reading("やまだしょうじ")
    assert reading("オオタニ") == reading("Ohtani") == reading("オータニ")
    assert reading("山田商事") == ""
    assert person_name("佐藤　花子様") == person_name("佐藤 花子")
    assert person_name("Hanako SATO") == person_name("Sato, Hanako")


def test_whereabouts():
    told = Address("東京", "千代田区丸の内", "1-2-3")
    assert address("〒100-0005 東京都千代田区丸の内一丁目２番３号 ○○ビル5F") == told
    assert address("東京都千代田区丸の内１－２－３") == told
    assert address("千代田区丸の内1丁目2-3").number == "1-2-3"
    assert domain("https://www.yamada.co.jp/x") == domain("a@mail.yamada.co.jp") == "yamada.co.jp"
    assert domain("x@gmail.com") == domain("なし") == ""
    assert phone("+81-3-1234-5678") == phone("０３（１２３４）５６７８") == "0312345678"
    assert phone("00-0000-0000") == phone("内線12") == ""


def matched(*records: Organization, among: int = 40) -> Match:
    """The first two of these records compared, among some of the same trades."""
    known = Register()
    crowd = [
        Organization(100 + i, f"{stem}{word}")
        for i, (stem, word) in enumerate(
            (s, w)
            for s in ("青空", "大和", "北斗", "若葉", "共栄")
            for w in ("商事", "商会", "販売")
        )
    ]
    for each in (*records, *crowd[:among]):
        known.add(each)
    return compare(records[0], records[1], known)


def codes(match: Match) -> set[str]:
    return {each.code for each in match.reasons}


def test_reasons_name_what_was_seen():
    one = Organization(
        1, "㈱山田", domains=["info@yamada.co.jp"], phones=["03-1234-5678"], source=1
    )
    other = Organization(2, "株式会社山田", domains=["www.yamada.co.jp"], region="東京都", source=2)
    found = matched(one, other)
    assert codes(found) == {"same_name", "same_domain"}
    assert found.score > 0.95
    assert {"domain": "yamada.co.jp"} in [each.params for each in found.reasons]


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        (Organization(1, "山田商事"), Organization(2, "山田商会"), "other_word"),
        (Organization(1, "山田商事"), Organization(2, "山田商事販売"), "part_of_name"),
        (
            Organization(1, "山田商事", region="東京都"),
            Organization(2, "山田商事", region="大阪"),
            "other_region",
        ),
        (Organization(1, "山田商事大阪支店"), Organization(2, "山田商事福岡支店"), "other_branch"),
    ],
)
def test_what_looks_alike_and_is_two_is_never_first(one, other, code):
    found = matched(one, other)
    assert code in codes(found)
    assert not mark_first([found])[0].first


def test_a_reading_meets_the_characters_it_was_written_beside():
    one = Organization(1, "山田", name_kana="ヤマダ", phones=["03-1234-5678"])
    other = Organization(2, "ヤマダ", phones=["0312345678"])
    assert codes(matched(one, other)) == {"same_reading", "same_phone"}
    assert "same_reading" not in codes(matched(Organization(1, "山田"), other))


def test_of_two_equally_good_none_is_first():
    known = Register()
    records = [
        Organization(1, "山田商事", source=1),
        Organization(2, "山田商事", region="東京都", source=2),
        Organization(3, "山田商事", region="大阪府", source=2),
    ]
    for each in records:
        known.add(each)
    pairs = [compare(records[0], each, known) for each in records[1:]]
    marked = mark_first(pairs, {each.id: each.source for each in records})
    assert [each.first for each in marked] == [False, False]


def test_people_by_mail_by_name_at_home_and_never_by_name_alone():
    one = Individual(1, "佐藤 花子", email="hanako@yamada.co.jp", homes=[7])
    mail = compare_people(one, Individual(2, "佐藤花子", email="HANAKO@yamada.co.jp", homes=[8]))
    home = compare_people(one, Individual(3, "佐藤　花子", homes=[7]))
    name = compare_people(one, Individual(4, "佐藤 花子", homes=[9]))
    assert mail.bits > home.bits > 0 > name.bits
    shared = Individual(5, "高橋 純", email="info@yamada.co.jp", homes=[7])
    desk = Individual(6, "森 あい", email="info@yamada.co.jp", homes=[7])
    assert compare_people(shared, desk).bits < 0


def test_only_pairs_with_a_fresh_record_are_compared():
    crowd = Crowd()
    for number in range(6):
        crowd.add(Individual(number, "佐藤", email="a@example.jp"))
    assert len(list(crowd.pairs())) == 15
    assert set(crowd.pairs([3])) == {(0, 3), (1, 3), (2, 3), (3, 4), (3, 5)}
    assert list(Crowd().pairs()) == []


def figures(companies: int, seed: int) -> tuple[float, float, float]:
    """Precision of what is suggested first; recall of all suggestions; recall of the first."""
    made = register(companies, seed)
    known = Register()
    for each in made.records:
        known.add(each)
    records = {each.id: each for each in made.records}
    found = [compare(records[a], records[b], known) for a, b in known.pairs()]
    likely = mark_first(
        [each for each in found if each.bits >= SUGGESTED],
        {each.id: each.source for each in made.records},
    )
    first = {(each.left, each.right) for each in likely if each.first}
    every = {(each.left, each.right) for each in likely}
    right = len(first & made.truth)
    return (
        right / len(first),
        len(every & made.truth) / len(made.truth),
        right / len(made.truth),
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_a_small_register_is_matched(seed):
    precision, recall, recall_of_first = figures(1_500, seed)
    assert precision >= 0.99
    assert recall >= 0.9
    assert recall_of_first >= 0.75


@pytest.mark.slow
def test_twenty_thousand_companies_are_matched():
    precision, recall, _ = figures(20_000, 7)
    assert precision >= 0.99
    assert recall >= 0.9


def test_a_register_of_one_name_alone_does_not_compare_everybody_with_everybody():
    known = Register()
    for number in range(500):
        known.add(Organization(number, "山田商事", region="東京都"))
    assert sum(1 for _ in known.pairs()) == 0
