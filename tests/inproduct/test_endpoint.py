"""What the script asks and tells: to whom what comes up, once, and nothing of ours beside it."""

import json
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from banso.assets.actions import retire_asset
from banso.assets.models import Showing
from banso.base.workspace import local_today
from banso.core.conditions import AnyOf, Is, Not
from banso.events.erasing import bar
from banso.events.models import Inbox
from banso.ingest.keys import make_key
from banso.inproduct.actions import order_placements, retire_placement
from banso.inproduct.content import sealed
from banso.inproduct.models import Appearance
from banso.inproduct.signing import make_signing_key, revoke_signing_key
from tests.assets.making import PNG, picture
from tests.ingest.conftest import kept
from tests.inproduct.conftest import Browser
from tests.inproduct.making import HOST, NEWS, SHEET, Sheet, guide, placed

PAGES = ("/name", "/low", "/high")


def test_people_of_a_customer_get_what_is_for_customers_others_what_is_for_anybody(
    product, browser, world
):
    token = product.knows(world.engagements[0])
    placed(product)
    assert browser.shown(token)["title"] == "請求書を送る"
    assert browser.shown() is None
    assert browser.shown(product.token("u-9", "nobody-knows")) is None
    placed(product, guide(NEWS, audience="public"), kind="announcement")
    assert browser.shown()["title"] == "新しい帳票"
    assert browser.shown(token)["title"] == "請求書を送る"
    assert browser.shown(product.token("u-9", "nobody-knows"))["title"] == "新しい帳票"


def test_the_answer_is_what_the_reader_sees_and_nothing_else(product, browser, world, keeper):
    world.engagements[0].party.name = "カナリア銀行"
    world.engagements[0].party.save()
    token = product.knows(world.engagements[0])
    placed(product, guide(by=keeper), condition=Is("gap", "ge", 0.0), by=keeper)
    answer = browser.ask(token)
    assert set(answer.json()) == {"shown", "identity"}
    shown = answer.json()["shown"]
    assert set(shown) == {
        *("placement", "kind", "language", "title", "steps", "reader", "words"),
    }
    assert [each["title"] for each in shown["steps"]] == ["開く", "送る"]
    assert shown["steps"][1]["nodes"] == [["p", {}, [["strong", {}, ["送信"]], "を押します。"]]]
    assert shown["words"]["done"] == "完了"
    for canary in ("カナリア", "gap", "stake", "health", keeper.name, "owner", "acct-1", "u-1"):
        assert canary not in answer.content.decode(), canary


def test_the_language_is_of_the_token_then_of_the_page_then_ours(product, browser, world):
    token = product.knows(world.engagements[0])
    placed(product)
    assert browser.shown(token, language="en-GB")["title"] == "Send an invoice"
    english = product.token(language="en")
    assert browser.shown(english, language="ja")["words"]["done"] == "Done"
    assert browser.shown(token, language="fr")["title"] == "請求書を送る"
    only = Sheet({"en": "Only this"}, {"en": "Text"})
    placed(product, guide(only, audience="public"), page="/only")
    shown = browser.shown(page="/only")
    assert (shown["language"], shown["reader"], shown["words"]["close"]) == ("en", "ja", "閉じる")


def test_a_condition_asks_about_the_account_of_the_token(product, browser, world):
    first, second = world.engagements
    tokens = [product.knows(first), product.knows(second, "acct-2", "u-2")]
    placed(product, condition=Is("name", "is", second.party.name), page="/name")
    asked = AnyOf((Is("metric:number-0", "lt", 5),))
    placed(product, condition=asked, page="/low")
    placed(product, condition=Not(asked), page="/high")
    seen = {page: [bool(browser.shown(each, page=page)) for each in tokens] for page in PAGES}
    assert seen == {"/name": [False, True], "/low": [True, False], "/high": [False, True]}
    placed(product, condition=Is("metric:gone", "ge", 1), page="/gone")
    assert browser.shown(tokens[0], page="/gone") is None


def test_pages_days_order_and_state(product, browser):
    day = local_today()
    first = placed(product, guide(audience="public"), page="/invoices/*")
    second = placed(product, guide(NEWS, audience="public"), page="/invoices/*")
    assert browser.shown(page="/") is None
    assert browser.shown(page="/invoices/7")["placement"] == first.uid
    assert browser.shown(page="/invoices/7", without=first.uid)["placement"] == second.uid
    order_placements(uids=[second.uid, first.uid], by=None)
    assert browser.shown(page="/invoices/7")["placement"] == second.uid
    retire_placement(placement=second, by=None)
    assert browser.shown(page="/invoices/7")["placement"] == first.uid
    retire_asset(asset=first.asset, by=None)
    assert browser.shown(page="/invoices/7") is None
    news = guide(NEWS, audience="public")
    placed(product, news, from_on=day + timedelta(days=1))
    placed(product, news, until_on=day - timedelta(days=1))
    assert browser.shown() is None
    placed(product, news, from_on=day, until_on=day)
    assert browser.shown()["title"] == "新しい帳票"


def test_closed_or_done_it_never_comes_up_again_for_that_person(product, browser, world):
    token = product.knows(world.engagements[0])
    other = product.token("u-2", "acct-1")
    first, second = placed(product), placed(product, guide(NEWS))
    for _ in range(2):
        assert browser.tell(first, "shown", token).status_code == 200
    assert browser.shown(token)["placement"] == first.uid
    browser.tell(first, "closed", token)
    assert browser.shown(token)["placement"] == second.uid
    assert browser.shown(other)["placement"] == first.uid
    browser.tell(second, "shown", token)
    browser.tell(second, "done", token)
    assert browser.shown(token) is None
    rows = Appearance.objects.order_by("pk").values_list("ended_as", "engagement")
    assert list(rows) == [("closed", world.engagements[0].pk), ("done", world.engagements[0].pk)]


def test_what_happened_is_an_event_and_a_showing_each_once(product, browser, world):
    customer = world.engagements[0]
    token = product.knows(customer)
    row = placed(product)
    for what in ("shown", "shown", "done", "done"):
        assert browser.tell(row, what, token, visit=f"visit{what}x").json() == {
            "identity": "accepted",
            "noted": True,
        }
    told = {(each[1], each[3], each[4], each[5]) for each in kept()}
    assert {each[1:] for each in told} == {
        ("acct-1", "u-1", "Guide shown"),
        ("acct-1", "u-1", "Guide done"),
    }
    assert len({each[0] for each in told}) == 2
    assert json.loads(kept()[0][7])["placement"] == row.uid
    showing = Showing.objects.get()
    member = customer.party.members.get().person
    assert (showing.engagement, showing.person, showing.way) == (customer, member, "guide")
    assert showing.finished_at is not None


def test_what_is_kept_is_not_kept_again_on_a_later_day(product, browser, world):
    product.knows(world.engagements[0])
    row = placed(product)
    for days in (0, 5):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            for what in ("shown", "closed", "done"):
                browser.tell(row, what, product.token())
    assert [each[5] for each in kept()] == ["Guide shown", "Guide closed"]


def test_of_somebody_unsigned_only_the_event_is_kept(product, browser):
    row = placed(product, guide(audience="public"))
    assert browser.tell(row, "closed").json() == {"identity": "none", "noted": True}
    assert [(each[3], each[4], each[5]) for each in kept()] == [
        (None, "anonymous:a1b2c3d4", "Guide closed")
    ]
    assert not Appearance.objects.exists() and not Showing.objects.exists()


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        ({"what": "liked"}, 400, "bad_field"),
        ({"visit": "x"}, 400, "bad_field"),
        ({"visit": "<script>"}, 400, "bad_field"),
        ({"placement": "\0" * 16}, 400, "bad_field"),
        ({"placement": "zzzzzzzzzzzzzzzz"}, 404, "no_placement"),
        ({"key": "web_guess"}, 401, "unknown_key"),
        ({"page": "/" * 9_000}, 413, "too_large"),
        ({"what": ["shown"]}, 400, "not_json"),
    ],
)
def test_what_cannot_be_told(product, browser, words, status, code):
    row = placed(product, guide(audience="public"))
    answer = browser.tell(row, "shown", **words)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Inbox.objects.exists()


def test_nobody_tells_of_what_is_not_for_them(product, browser):
    row = placed(product)
    for token in ("", "a.b.c", product.token("u-1", "unknown")):
        assert browser.tell(row, "done", token).json()["noted"] is False
    assert not Inbox.objects.exists() and not Appearance.objects.exists()


def test_a_wrong_token_is_nobody_and_says_why(product, browser, world):
    right = product.knows(world.engagements[0])
    placed(product)
    other = product.token(secret="sign_other")
    for token, said in ((other, "forged"), (right[:-2], "malformed"), ("x", "malformed")):
        answer = browser.ask(token)
        assert answer.json() == {"identity": said, "shown": None}
        assert answer.status_code == 200


def test_a_key_is_rotated_without_a_gap(product, browser, world):
    before = product.knows(world.engagements[0])
    placed(product)
    made = make_signing_key(source=product.source, by=None)
    after = product.token(secret=made.secret)
    assert browser.shown(before) and browser.shown(after)
    old = product.source.signing_keys.order_by("pk").first()
    revoke_signing_key(key=old, by=None)
    assert browser.shown(before) is None
    assert browser.shown(after)


def test_only_pages_that_were_entered_may_read_the_answer(product, browser):
    placed(product, guide(audience="public"))
    allowed = browser.ask()
    assert allowed.headers["Access-Control-Allow-Origin"] == HOST
    assert (allowed.headers["Vary"], allowed.headers["Cache-Control"]) == (
        "Origin",
        "public, max-age=60",
    )
    for origin in ("https://evil.example", "null", "http://app.example.jp", f"{HOST}.evil.example"):
        answer = Browser(product, origin).ask()
        assert (answer.status_code, answer.json()["code"]) == (403, "page_not_entered")
        assert "Access-Control-Allow-Origin" not in answer.headers
    own = Browser(product, "http://testserver").ask()
    assert own.headers["Access-Control-Allow-Origin"] == "http://testserver"
    preflight = browser.client.options("/v1/guide", headers=browser.headers)
    assert preflight.status_code == 204
    assert not any(each.startswith("Access-Control") for each in preflight.headers)


def test_no_cookie_is_set_and_nothing_of_somebody_is_kept_by_caches(product, browser, world):
    token = product.knows(world.engagements[0])
    row = placed(product)
    for answer in (browser.ask(token), browser.tell(row, "shown", token)):
        assert answer.headers["Cache-Control"] == "no-store"
    browser.ask()
    assert not browser.client.cookies


def test_a_servers_key_and_a_revoked_one_open_nothing(product, browser):
    server = make_key(source=product.source, kind="server", by=None)
    assert browser.ask(key=server.secret).json()["code"] == "server_key_in_browser"
    assert Browser(product, "").ask(key=server.secret).status_code == 401
    assert browser.ask(key="").json()["code"] == "unknown_key"


def test_pictures_are_given_by_addresses_that_only_we_make(product, browser, world):
    token = product.knows(world.engagements[0])
    shown = Sheet({"ja": "図"}, {"ja": "![画面](a.png)"})
    asset = guide(shown)
    picture(asset, "a.png")
    picture(asset, "inside.png")
    placed(product, asset, kind="announcement")
    [[_, _, [[name, said, _]]]] = browser.shown(token)["steps"][0]["nodes"]
    assert (name, said["alt"]) == ("img", "画面")
    address = said["src"].removeprefix("http://testserver")
    answer = Client().get(address)
    assert (answer.content, answer.headers["Content-Type"]) == (PNG, "image/png")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    forged = address[:-1] + ("Q" if address.endswith("A") else "A")
    assert Client().get(forged).status_code == 404
    for name, day in (("inside.png", local_today()), ("a.png", local_today() - timedelta(days=2))):
        other = sealed(asset.uid, name, day)
        assert Client().get(f"/v1/guide/pictures/{other}").status_code == 404


def test_an_erased_person_is_forgotten_and_told_nothing(product, browser, world):
    token = product.knows(world.engagements[0])
    row = placed(product)
    browser.tell(row, "closed", token)
    bar([(product.source.pk, "u-1")])
    assert not Appearance.objects.exists()
    assert browser.tell(row, "shown", token).status_code == 200
    assert not Appearance.objects.exists()


def test_a_database_that_cannot_write_is_told_as_busy(product, browser):
    row = placed(product, guide(audience="public"))
    with mock.patch("banso.inproduct.noting.take", side_effect=OperationalError("locked")):
        answer = browser.tell(row, "shown")
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["Retry-After"]


def test_it_asks_no_more_with_more_placements_people_and_conditions(product, browser, world):
    token = product.knows(world.engagements[0])
    asset, never = guide(SHEET), Is("name", "is", "nobody")
    placed(product, asset, condition=never)
    placed(product, asset, condition=Is("gap", "ge", 0))
    few = queries(browser, token), queries(browser, "")
    for number in range(30):
        placed(product, asset, condition=Is("name", "is", f"nobody {number}"))
    order_placements(uids=[], by=None)
    many = queries(browser, token), queries(browser, "")
    assert many == few
    assert few[0] <= 12 and few[1] <= 3, few


def queries(browser, token) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.ask(token).status_code == 200
    return len(captured)
