"""A second system's list comes in; who is the same is answered by keyboard alone."""

import io

import pytest

from banso.base.jobs import run_all
from banso.base.models import Role
from banso.events.actions import confirm, upload
from banso.events.models import Source
from banso.matching.models import Match, Merge
from banso.parties.models import Party
from tests.journeys.conftest import enter
from tests.journeys.hands import Hands, settled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CRM = """顧客ID,会社名,ホームページ
C1,株式会社山田商事,yamada.co.jp
C2,青空フーズ㈱,aozora.jp
C3,北斗印刷,hokuto.jp
"""
BILLING = """取引先コード,取引先名,ホームページ
B1,㈱山田商事,www.yamada.co.jp
B2,株式会社青空フーズ,aozora.jp
B3,北斗印刷株式会社,hokuto.jp
"""
CHANGED = "before => document.querySelector('#pair').textContent !== before"


@pytest.fixture
def manager(staff):
    return staff(Role.MANAGER, name="部長 太郎")


@pytest.fixture
def both(manager):
    for key, text in (("crm", CRM), ("billing", BILLING)):
        source = Source.objects.create(key=key, name=key)
        stream = io.BytesIO(text.encode())
        owner = upload(by=manager, stream=stream, name=f"{key}.csv", kind="accounts", source=source)
        confirm(by=manager, owner=owner, skip_bad=False)
        run_all()
    return owner


def test_three_answers_and_a_way_back_by_keyboard(both, manager, open_page):
    page = open_page()
    hands = Hands(page)
    enter(page, manager.email)
    page.goto(f"/imports/{both.uid}/")
    hands.click(page.get_by_role("link", name="確認する"))
    page.wait_for_selector("#pair")
    shown = asked(page)

    hands.press("y")
    page.wait_for_function(CHANGED, arg=shown)
    assert Merge.objects.count() == 1
    second = asked(page)
    hands.press("n")
    page.wait_for_function(CHANGED, arg=second)
    assert Match.objects.filter(state="rejected").count() == 1

    for _ in range(2):
        before = asked(page)
        hands.press("u")
        page.wait_for_function(CHANGED, arg=before)
    assert not Match.objects.exclude(state="pending").exists()
    assert not Party.objects.filter(merged_into__isnull=False).exists()

    before = asked(page)
    hands.press("j")
    hands.press("Enter")
    page.wait_for_function(CHANGED, arg=before)
    hands.press("s")
    settled(page)
    for _ in range(3):
        hands.press("y")
        settled(page)
    page.get_by_text("確認待ちはありません").wait_for()
    assert Merge.objects.filter(undone_at=None).count() == 3
    run_all()


def asked(page) -> str:
    settled(page)
    return page.text_content("#pair")
