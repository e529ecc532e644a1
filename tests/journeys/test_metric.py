"""A metric is made in a real browser, in Japanese and by keyboard: a change, of some events only;
then its meaning is changed and both stand side by side."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from banso.base.jobs import run_all
from banso.base.models import Role
from banso.base.workspace import local_today
from banso.core.conditions import All, Is
from banso.core.metrics import Count, Trend
from banso.metrics.actions import starter
from banso.metrics.models import Metric
from banso.metrics.values import definitions
from tests.engagements.making import make_customer
from tests.engine.events import event
from tests.journeys.conftest import enter
from tests.journeys.hands import settled
from tests.metrics.lakes import Usage

pytestmark = pytest.mark.browser


@pytest.fixture
def used(transactional_db, workspace, monkeypatch, tmp_path):
    """Three customers whose administrators make more, as many and fewer reports than before."""
    usage = Usage(monkeypatch, tmp_path / "usage")
    customers = {make_customer(name).id: f"a{n}" for n, name in enumerate(NAMES)}
    told = [
        event(f"{local_today() - timedelta(days=back)}T03:00", account, "report_created", **more)
        for account, recent, before in zip(customers.values(), (6, 2, 1), (2, 2, 4), strict=True)
        for back, count in ((5, recent), (40, before))
        for more in (
            {"count": count, "properties": {"role": "admin"}},
            {"count": 50, "properties": {"role": "member"}, "person": "p2"},
        )
    ]
    usage.connect(customers, told)


NAMES = ("伸びる商事", "続ける工業", "静かな物産")


def test_a_filtered_change_is_built_and_changed(used, open_page, staff):
    starter(local_today())
    manager = staff(Role.MANAGER, language="ja")
    page = open_page()
    enter(page, manager.email)
    page.goto("/metrics/new/")
    preview = page.locator("aside")

    page.get_by_label("その前の期間からの変化").focus()
    page.keyboard.press("Space")
    expect(preview).to_contain_text("その前の同じ長さの期間")
    page.get_by_label("report_created").focus()
    page.keyboard.press("Space")
    expect(preview).to_contain_text("「report_created」の回数")
    page.select_option("select[name=conditions-0-0-field]", "role")
    expect(page.locator("[name=conditions-0-0-value]")).to_be_visible()
    settled(page)
    page.fill("[name=conditions-0-0-value]", "admin")
    page.keyboard.press("Tab")
    expect(preview).to_contain_text("roleが「admin」")
    page.select_option("select[name=unit]", "percent")
    for name, share in zip(NAMES, ("300%", "100%", "25%"), strict=True):
        expect(preview.get_by_role("row", name=name)).to_contain_text(share)
    page.fill("[name=name_ja]", "管理者のレポート作成の変化")
    page.locator("button.primary", has_text="定義する").press("Enter")
    page.wait_for_url("**/metrics/*/")
    metric = Metric.objects.get(name__ja="管理者のレポート作成の変化")
    where = All((Is("role", "is", "admin"),))
    meaning = Trend(Count("report_created", 28, where=where))
    assert definitions([metric.key]) == {metric.key: meaning}
    expect(page.get_by_role("row", name=NAMES[0])).to_contain_text("300%")

    page.goto(f"/metrics/{metric.uid}/edit/")
    expect(page.locator("[name=conditions-0-0-value]")).to_have_value("admin")
    page.select_option("select[name=conditions-0-0-field]", "")
    expect(page.locator("[name=conditions-0-0-value]")).to_have_count(0)
    page.get_by_role("button", name="変更を保存").click()
    page.wait_for_url("**/versions/2/")
    expect(page.get_by_text("まだ何も変わっていません")).to_be_visible()
    run_all()
    expect(page.get_by_role("row", name=NAMES[0]).first).to_contain_text("300%")
    page.get_by_role("button", name="新しい定義を適用する").click()
    page.wait_for_url(f"**/metrics/{metric.uid}/")
    assert definitions([metric.key]) == {metric.key: Trend(Count("report_created", 28))}


def test_a_metric_is_built_without_a_script(used, open_page, staff):
    manager = staff(Role.MANAGER, language="ja")
    page = open_page(script=False)
    enter(page, manager.email)
    page.goto("/metrics/new/")
    page.check("input[name=shape][value=per_person]")
    page.click("button[name=preview]")
    page.select_option("select[name=kind]", "active_days")
    page.fill("input[name=at_least]", "1")
    page.click("button[value='add:conditions-0']")
    page.select_option("select[name=conditions-0-0-field]", "role")
    page.click("button[name=preview]")
    page.fill("[name=conditions-0-0-value]", "member")
    page.fill("[name=name_ja]", "使う人の割合")
    page.click("button.primary:has-text('定義する')")
    page.wait_for_url("**/metrics/*/")
    [(_, meaning)] = definitions().items()
    assert (meaning.aggregate, meaning.at_least) == ("share", 1)
    assert meaning.of.where == All((Is("role", "is", "member"),))
