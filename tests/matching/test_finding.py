"""Suggestions come with imports: what is new against everybody, and never what was rejected."""

import pytest

from banso.base.jobs import run_all
from banso.engagements.models import Engagement
from banso.events.actions import confirm, upload
from banso.events.models import Import, Source
from banso.matching.actions import merge, reject, undo_merge
from banso.matching.finding import search_again
from banso.matching.models import Match, Search
from banso.parties.models import Party

CRM = (
    "顧客ID,会社名,都道府県,電話番号,ホームページ,住所\n"
    "C1,株式会社山田商事,東京都,03-1234-5678,https://www.yamada.co.jp,東京都港区芝1-2-3\n"
    "C2,㈱青空フーズ,大阪府,06-2345-6789,aozora.jp,大阪府大阪市北区梅田2-3-4\n"
    "C3,北斗印刷有限会社,北海道,,hokuto.co.jp,\n"
)
BILLING = (
    "請求先コード,取引先名,電話番号,住所,フリガナ\n"
    "B9,山田商事㈱,０３（１２３４）５６７８,東京都港区芝一丁目２番３号,ヤマダショウジ\n"
    "B8,(有)北斗印刷,,,ﾎｸﾄｲﾝｻﾂ\n"
    "B7,株式会社椿醸造,,,\n"
)
PEOPLE = {
    "crm": "person_id,account_id,name,email\nP1,C1,佐藤 花子,hanako@yamada.co.jp\n",
    "billing": "person_id,account_id,name,email\nQ1,B9,佐藤花子,HANAKO@yamada.co.jp\n",
}


@pytest.fixture
def bring(manager):
    import io

    def work(source: str, kind: str, text: str) -> Import:
        system, _ = Source.objects.get_or_create(key=source, defaults={"name": source})
        stream = io.BytesIO(text.encode())
        owner = upload(by=manager, stream=stream, name=f"{source}.csv", kind=kind, source=system)
        confirm(by=manager, owner=owner, skip_bad=False)
        run_all()
        owner.refresh_from_db()
        assert owner.status == "done", (owner.status, owner.problem)
        return owner

    return work


@pytest.fixture
def both(bring):
    bring("crm", "accounts", CRM)
    return bring("billing", "accounts", BILLING)


def pairs() -> list[tuple[str, str]]:
    rows = Match.objects.filter(state="pending").order_by("-bits")
    return [(row.left.name, row.right.name) for row in rows]


def test_the_second_system_brings_suggestions_and_nothing_else(both):
    assert pairs()[0] == ("株式会社山田商事", "山田商事㈱")
    assert ("北斗印刷有限会社", "(有)北斗印刷") in pairs()
    assert Engagement.objects.filter(merged_into=None).count() == 6
    assert Search.objects.get(owner=both).found == len(pairs())
    codes = {each["code"] for each in Match.objects.order_by("-bits")[0].reasons}
    assert {"same_name", "same_phone", "same_address"} <= codes


def test_a_rejected_pair_stays_rejected_when_the_file_comes_again(both, bring, manager):
    match = Match.objects.order_by("-bits")[0]
    reject(match=match, by=manager)
    bring("billing", "accounts", BILLING.replace("芝一丁目２番３号", "芝1-2-3 本館"))
    match.refresh_from_db()
    assert match.state == "rejected"
    assert match.left.name not in [name for pair in pairs() for name in pair]


def test_rejected_holds_for_what_the_two_became(both, bring, manager):
    bring("desk", "accounts", "id,name,domain,tel\nD1,山田商事,yamada.co.jp,0312345678\n")
    crm, billing, desk = Party.objects.filter(name__contains="山田商事").order_by("pk")
    between = Match.objects.get(left=crm, right=desk)
    reject(match=between, by=manager)
    done = merge(winner=billing, loser=crm, by=manager)
    run_all()
    assert not Match.objects.filter(left=billing, right=desk, state="pending").exists()
    undo_merge(done=done, by=manager)
    run_all()
    assert Match.objects.filter(left=billing, right=desk, state="pending").exists()


def test_people_meet_by_mail_and_then_by_home(both, bring, manager):
    for source, text in PEOPLE.items():
        bring(source, "people", text)
    match = Match.objects.get(kind="person")
    assert {each["code"] for each in match.reasons} >= {"same_email", "same_name"}
    assert match.plain
    crm, billing = Party.objects.filter(name__contains="山田商事").order_by("pk")
    merge(winner=crm, loser=billing, by=manager)
    run_all()
    match.refresh_from_db()
    assert "same_home" in {each["code"] for each in match.reasons}


def test_a_corrected_record_is_compared_again(both):
    stranger = Party.objects.get(name="株式会社椿醸造")
    Party.objects.filter(pk=stranger.pk).update(name="青空フーズ")
    search_again([stranger.pk])
    assert ("㈱青空フーズ", "青空フーズ") in pairs()
    Party.objects.filter(pk=stranger.pk).update(name="株式会社椿醸造")
    search_again([stranger.pk])
    assert ("㈱青空フーズ", "青空フーズ") not in pairs()


def test_a_merged_customer_keeps_its_chosen_name_when_a_file_comes(both, bring, manager):
    crm, billing = Party.objects.filter(name__contains="山田商事").order_by("pk")
    merge(winner=crm, loser=billing, by=manager)
    bring("billing", "accounts", BILLING.replace("山田商事㈱", "ヤマダショウジ（カ"))
    crm.refresh_from_db()
    assert crm.name == "株式会社山田商事"
    assert crm.organization.region == "東京都"


def test_the_import_says_how_many_it_may_have_brought_twice(both, manager, sign_in):
    page = sign_in(manager).get(f"/imports/{both.uid}/").text
    assert "2件" in page
