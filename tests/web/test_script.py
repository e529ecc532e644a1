"""The small script in a real browser: keys, dialogs, menus, one submission per press."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

STATIC = Path(__file__).parents[2] / "src" / "banso" / "web" / "static" / "web"
pytestmark = pytest.mark.browser

BODY = """
<input type="search" id="search" data-key="/" aria-label="Search">
<button type="button" id="new" data-key="n">New contact</button>
<a href="#today" id="today" data-key="g t" data-key-label="To today">T</a>
<table data-list><tbody>
  <tr data-row><td><a href="#1" id="one">1</a>
    <button type="button" data-key="d">Done</button></td></tr>
  <tr data-row><td><a href="#2" id="two">2</a>
    <button type="button" data-key="d">Done</button>
    <input type="checkbox" id="pick" data-key="x" aria-label="Choose"></td></tr>
</tbody></table>
<details class="menu"><summary id="menu">Menu</summary><a href="#x">X</a></details>
<button type="button" id="opener" data-open="sample">Open</button>
<dialog id="sample"><button type="button" data-close id="closer">Close</button></dialog>
<form action="about:blank" id="form" method="post"><button>Send</button></form>
<form action="about:blank" id="find"><button>Find</button></form>
<div class="notice"><button type="button" data-dismiss id="dismiss">x</button></div>
"""
COUNT = """
window.presses = []; window.sent = 0;
document.addEventListener("click", (e) => window.presses.push(e.target.id || e.target.textContent));
window.addEventListener("submit", (e) => {
  if (!e.defaultPrevented) window.sent += 1;
  e.preventDefault();
});
"""


@pytest.fixture
def page(chromium):
    page = chromium.new_page()
    page.set_content(BODY + render_to_string("web/shortcuts.html"))
    page.add_script_tag(path=STATIC / "banso.js")
    page.evaluate(COUNT)
    yield page
    page.close()


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_j_and_k_move_between_rows_and_stop_at_the_ends(page):
    places = []
    for key in "jjjkk":
        page.keyboard.press(key)
        places.append(focused(page))
    assert places == ["one", "two", "two", "one", "one"]


def test_a_key_of_the_row_beats_the_same_key_of_another(page):
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.evaluate("document.querySelectorAll('[data-key=d]')[1].id = 'second'")
    page.keyboard.press("d")
    assert page.evaluate("window.presses") == ["second"]


def test_a_key_that_the_row_lacks_presses_no_other_row(page):
    page.keyboard.press("j")
    page.evaluate("document.querySelector('[data-key=d]').remove()")
    page.keyboard.press("d")
    assert page.evaluate("window.presses") == []


def test_a_row_that_was_replaced_keeps_the_focus(page):
    page.keyboard.press("j")
    page.evaluate(
        """() => {
          const row = document.querySelector("[data-row]");
          row.innerHTML = "<td><button id='undo' type='button'>Undo</button></td>";
          const detail = { elt: row };
          row.dispatchEvent(new CustomEvent("htmx:afterSettle", { bubbles: true, detail }));
        }"""
    )
    assert focused(page) == "undo"


def test_a_box_of_the_row_is_ticked_and_the_focus_stays(page):
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.is_checked("#pick")
    assert focused(page) == "two"


def test_keys_press_focus_and_follow_one_another(page):
    page.keyboard.press("n")
    page.keyboard.press("g")
    page.keyboard.press("t")
    assert page.evaluate("window.presses") == ["new", "today"]
    page.keyboard.press("/")
    assert focused(page) == "search"


def test_who_types_is_left_alone(page):
    page.focus("#search")
    page.keyboard.type("njn?")
    assert page.evaluate("window.presses") == []
    assert page.input_value("#search") == "njn?"
    page.keyboard.press("Escape")
    assert focused(page) != "search"


def test_the_help_lists_every_key_once(page):
    page.keyboard.press("?")
    found = page.locator("[data-shortcuts]").inner_text().split("\n")
    words = [line.strip() for line in found if line.strip()]
    assert words == [
        "/",
        "Search",
        "n",
        "New contact",
        "g t",
        "To today",
        "d",
        "Done",
        "x",
        "Choose",
    ]
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0


def test_a_dialog_opens_closes_and_silences_the_keys(page):
    page.click("#opener")
    page.keyboard.press("n")
    assert "new" not in page.evaluate("window.presses")
    page.click("#closer")
    assert page.locator("dialog[open]").count() == 0


def test_a_menu_closes_when_we_turn_away(page):
    page.click("#menu")
    page.keyboard.press("Escape")
    assert page.locator("details[open]").count() == 0
    assert focused(page) == "menu"
    page.click("#menu")
    page.click("#new")
    assert page.locator("details[open]").count() == 0


def test_what_changes_things_is_sent_once_and_a_question_as_often_as_asked(page):
    for _ in range(3):
        page.click("#form button")
    assert page.get_attribute("#form", "aria-busy") == "true"
    assert page.evaluate("window.sent") == 1
    for _ in range(3):
        page.click("#find button")
    assert page.evaluate("window.sent") == 4


def test_a_form_that_htmx_sends_is_sent_once_too(page):
    page.evaluate(
        """() => {
          const form = document.getElementById("form");
          form.setAttribute("hx-post", "/x");
          form.addEventListener("submit", (e) => {
            window.sent += 1;
            e.preventDefault();
            const detail = { elt: form };
            form.dispatchEvent(new CustomEvent("htmx:beforeRequest", { bubbles: true, detail }));
          });
        }"""
    )
    page.click("#form button")
    page.click("#form button")
    assert page.evaluate("window.sent") == 1
    page.evaluate(
        """() => {
          const form = document.getElementById("form");
          const detail = { elt: form };
          form.dispatchEvent(new CustomEvent("htmx:afterRequest", { bubbles: true, detail }));
        }"""
    )
    page.click("#form button")
    assert page.evaluate("window.sent") == 2


def test_a_notice_can_be_dismissed(page):
    page.click("#dismiss")
    assert page.locator(".notice").count() == 0


COMPONENTS = """
<c-page-head title="今日" subtitle="2026年3月31日(火)"><c-slot name="actions">
<c-button kind="primary" icon="plus">接点を記録</c-button></c-slot></c-page-head>
<c-tabs label="誰の" kind="pills"><c-tab href="#a" :active="True">自分</c-tab>
<c-tab href="#b">全員</c-tab></c-tabs>
<c-card title="一覧" class="flush"><div class="table-scroll"><table class="table stacks">
<thead><tr><c-table-head label="お客様" /><c-table-head label="ギャップ" /></tr></thead>
<tbody><tr><th scope="row"><a href="#c">青葉ロジスティクス株式会社</a>
<c-badge kind="attention">30日 接点なし</c-badge> <c-badge kind="quiet">未計測</c-badge></th>
<td data-label="ギャップ"><c-bar :value="0.4" label="ギャップ" text="40%" /></td></tr></tbody>
</table></div></c-card>
<c-card title="理由">{% terms_bar parts "ギャップ" 1.0 %}{% distribution values "席数" %}</c-card>
<c-card title="入力"><form class="form">
<c-field name="a" label="名前" help="助け" error="必須です" />
<c-button>保存</c-button><c-button kind="quiet">やめる</c-button>
<c-button kind="danger">取り消す</c-button></form></c-card>
<c-notice kind="attention" icon="triangle-alert">3行を取り込めませんでした</c-notice>
<c-progress label="取り込み中" :value="0.4" note="40%" />
<c-empty title="まだありません">取り込んでください</c-empty>
<ol class="timeline">
<c-timeline-item icon="phone" when="今日" title="電話">話した</c-timeline-item></ol>
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_component_is_accessible_and_fits(chromium, draw, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    from banso.web.charts import Part

    inside = draw(COMPONENTS, parts=[Part("週次利用", 0.3), Part("接点", 0.2)], values=[1, 2, 5])
    synthetic = SimpleNamespace(name="伴走クラウド", synthetic=True)
    frame = render_to_string("web/layout.html", {"workspace": synthetic})
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.set_content(frame.replace('<div class="inner">', f'<div class="inner">{inside}'))
    for sheet in ("banso.css", "components.css", "charts.css"):
        page.add_style_tag(path=STATIC / sheet)
    page.evaluate("document.title = 'x'")
    violations = Axe().run(page).response["violations"]
    overflow = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    page.close()
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
    assert overflow <= 0
