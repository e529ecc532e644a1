"""A manager makes a segment and moves a customer to the next stage, in a real browser."""

import pytest

from banso.base.models import Role
from banso.goals.actions import adopt_standard
from banso.goals.forms_stages import TEMPLATE
from banso.goals.models import StageMove
from banso.goals.refresh import refresh_standings
from banso.goals.stage_actions import move, write_program
from banso.metrics.models import Segment
from tests.goals.making import draft
from tests.journeys.conftest import enter
from tests.journeys.hands import settled
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def manager(staff):
    return staff(Role.MANAGER, name="森 葉子")


def test_a_segment_is_built_by_choosing_and_counts_at_once(open_page, manager):
    build(9, manager)
    page = open_page()
    enter(page, manager.email)
    page.goto("/segments/")
    page.click("text=セグメントを作成 >> nth=0")
    settled(page)
    page.select_option("#condition-0-0-field", "touch")
    page.wait_for_selector("#condition-0-0-way")
    settled(page)
    page.select_option("#condition-0-0-way", "one_of")
    page.wait_for_selector(".condition-checks")
    settled(page)
    page.check("input[name=condition-0-0-value][value=high]")
    page.wait_for_selector("#condition-preview strong:text-is('3')")
    settled(page)
    page.focus("text=条件を追加")
    page.keyboard.press("Enter")
    page.wait_for_selector("#condition-0-1-field:focus")
    settled(page)
    page.select_option("#condition-0-1-field", "seats")
    page.wait_for_selector("#condition-0-1-value")
    settled(page)
    page.fill("#condition-0-1-value", "１２")
    page.press("#condition-0-1-value", "Tab")
    page.wait_for_selector("#condition-preview strong:text-is('1')")
    settled(page)
    page.fill("#id_name_ja", "席数の多いハイタッチ")
    page.click("text=セグメントを保存")
    page.wait_for_url("**/segments/*/")
    assert page.locator("h1").inner_text() == "席数の多いハイタッチ"
    assert page.locator("tbody tr").count() == 1
    page.click("text=お客様一覧で見る")
    page.wait_for_url("**/customers/?segment=*")
    assert page.locator("tbody [data-row]").count() == 1


def test_without_a_script_the_builder_works_too(open_page, manager):
    build(9, manager)
    page = open_page(script=False)
    enter(page, manager.email)
    page.goto("/segments/new/")
    page.select_option("#condition-0-0-field", "touch")
    page.click("text=条件を追加")  # any button of the builder shows the ways to ask
    page.select_option("#condition-0-0-value", "tech")
    page.fill("#id_name_ja", "テック")
    page.click("text=セグメントを保存")
    page.wait_for_url("**/segments/*/")
    assert Segment.objects.get().condition["all"][0]["value"] == "tech"


def test_a_customer_is_moved_on_with_one_click_and_the_evidence_stays(open_page, manager):
    world = build(2, manager)
    program = write_program(name={"ja": "歩み", "en": "Journey"}, stages=TEMPLATE, by=manager)
    first, second, _ = program.stages.all()
    metric = world.metrics[0]
    adopt_standard(by=manager, stage=first, targets=[draft(metric, -10, 0)])
    move(engagements=world.engagements, stage=first, by=manager)
    refresh_standings()
    page = open_page()
    enter(page, manager.email)
    page.goto("/stages/")
    page.click(".stage-column li a >> nth=0")
    page.wait_for_selector("text=基準1件中1件を達成")
    page.click("text=「定着」へ進める")
    page.wait_for_selector(".stage-steps [aria-current]:text-is('定着')")
    assert page.locator(".timeline").inner_text().count("「定着」へ") == 1
    made = StageMove.objects.latest("pk")
    assert (made.stage, made.before, made.by) == (second, first, manager)
    assert made.evidence["met"] == 1
