"""Whatever is written into an address or a form, the answer is a page or a refusal in words."""

import pytest
from django.urls import reverse

from banso.base.models import Role
from tests.house.alone import each_alone
from tests.house.doors import TABLE, arguments_of
from tests.world import build

ROWS = [line.split() for line in TABLE.strip().splitlines()]
READABLE = [row[0] for row in ROWS if "R" in row[4]]
DAYS = ["0001-01-01", "0001-W01-1", "1900-01-01", "1970-01-01", "9999-12-31", "garbage", "\x00"]
WORDS = [
    "\x00",
    "-1",
    "99999999999999999999999",
    "٣",
    "'\"><script>alert(1)</script>",
    "a\\' & | ! :* <-> (",
    '"*" OR NEAR( ^',
    "1" * 5000,
]
NAMES = ("q", "sort", "page", "scope", "section", "state", "segment", "owner", "touch", "metric",
         "index", "customer", "kind", "rank", "place", "next", "silent")  # fmt: skip


@pytest.fixture
def admin(staff):
    return staff(Role.ADMIN, name="管理 花子")


@pytest.fixture
def visit(admin, sign_in):
    """Asks for an address; what breaks answers 500, as it would for a browser."""
    world = build(3, admin)
    client = sign_in(admin)
    client.raise_request_exception = False

    def ask(name, words, method="get"):
        users = {"viewer": admin, "success_manager": admin}
        url = reverse(name, args=arguments_of(name, world, users))
        return getattr(client, method)(url, words)

    return ask


@pytest.mark.any_database
def test_no_day_breaks_a_page(visit, subtests):
    for name in each_alone(READABLE):
        for day in DAYS:
            with subtests.test(name, day=day):
                answer = visit(name, {"as_of": day})
                assert answer.status_code < 500
                assert answer.status_code == 400 or not kept_by_others(answer)
                assert answer.headers["Referrer-Policy"] == "same-origin"


def test_no_word_breaks_a_page(visit, subtests):
    for name in each_alone(READABLE):
        for word in WORDS:
            with subtests.test(name, word=word[:30]):
                answer = visit(name, {**dict.fromkeys(NAMES, word), "targets-1-metric": word})
                assert answer.status_code < 500
                assert b"<script>alert" not in answer.getvalue()


def kept_by_others(answer) -> bool:
    """Pages are kept by nobody; a picture, whose name always means the same bytes, by its
    reader's own browser."""
    told = answer.headers["Cache-Control"]
    picture = answer.headers["Content-Type"].startswith("image/") and "private" in told
    return not picture and "no-store" not in told


def test_a_nul_in_an_address_is_refused_in_words(visit, sign_in, admin):
    assert visit("target-row", {"index": "1" * 5000}).status_code == 404
    client = sign_in(admin)
    for address in ("/customers/a%00b/", "/today/?q=%00", "/invitation/%00/", "/plans/?a%00=1"):
        answer = client.get(address)
        assert (answer.status_code, "<h1" in answer.text) == (400, True), address


CUSTOMER = {"name": "新しい会社", "kind": "organization", "touch": "high", "owner": ""}
CONTRACT = {"start_on": "2026-01-01", "end_on": "2027-01-01", "currency": "JPY"}
STEP = {"title": "電話", "due": "week", "summary": "話した"}
SLIPS = [
    ("new-customer", CUSTOMER | {"annual": "9" * 30}),
    ("new-customer", CUSTOMER | {"annual": "9" * 5000}),
    ("new-customer", CUSTOMER | {"annual": "1", "start_on": "9999-12-31"}),
    ("new-customer", CUSTOMER | {"annual": "1", "start_on": "0001-01-01"}),
    ("new-customer", CUSTOMER | {"annual": "1", "end_on": "9999-12-31"}),
    ("new-customer", CUSTOMER | {"name": "x" * 1_000_000}),
    ("new-customer", CUSTOMER | {"owner": "\x00"}),
    ("new-customer", CUSTOMER | {"name": "a\x00b"}),
    ("new-contract", CONTRACT | {"start_on": "0001-01-01"}),
    ("new-contract", CONTRACT | {"end_on": "9999-12-31"}),
    ("new-contract", CONTRACT | {"annual": "9" * 30}),
    ("new-contract", CONTRACT | {"seats": "9" * 19}),
    ("contact", STEP | {"summary": "x" * 1_000_000}),
    ("contact", STEP | {"summary": "a\x00"}),
    ("contact", STEP | {"people": "\x00"}),
    ("action", STEP | {"owner": "\x00"}),
    ("action", STEP | {"due": "date", "due_on": "9999-12-31"}),
    ("set-aside", {"kind": "snooze", "later": "date", "until": "9999-12-31"}),
    ("import", {"colleague_name": "森", "colleague": "\x00"}),
    ("exchange-rates", {"currency": "USD", "since": "0001-01-01", "rate": "NaN"}),
    ("standard", {"segment": "\x00"}),
]


def test_no_slip_of_the_hand_breaks_a_form(visit, subtests):
    for name, told in each_alone(SLIPS):
        with subtests.test(name, told=str(told)[:200]):
            assert visit(name, told, "post").status_code < 500
            for page in ("today", "customers", "customer", "why"):
                assert visit(page, {}).status_code == 200
