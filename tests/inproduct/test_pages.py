"""Staff place guides, connect products, and see what came of it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from banso.assets.actions import place_asset
from banso.base.activity import Activity
from banso.base.models import Workspace
from banso.base.sealing import unseal
from banso.core.conditions import All, Is, load
from banso.engagements.actions import restrict
from banso.ingest.models import Subject
from banso.inproduct.actions import (
    PlacementSheet,
    Refused,
    activate_placement,
    draft_placement,
    revise_placement,
)
from banso.inproduct.models import Embedding, Placement, SigningKey
from tests.assets.making import make
from tests.inproduct.making import HOST, NEWS, guide, placed

CONDITION = {
    "condition-groups": "1",
    "condition-0-match": "all",
    "condition-0-rows": "1",
    "condition-0-0-field": "gap",
    "condition-0-0-way": "ge",
    "condition-0-0-for": "gap one",
    "condition-0-0-value": "50",
}


@pytest.fixture
def manager(keeper, sign_in):
    return sign_in(keeper)


@pytest.fixture
def admin(staff, sign_in):
    return sign_in(staff("admin"))


def typed(product, asset, /, **words):
    told = {"asset": asset.uid, "kind": "guide", "source": product.source.key, "page": "/a/*"}
    return told | words


def test_a_guide_is_placed_shown_and_taken_back(product, manager):
    asset = guide()
    answer = manager.post(reverse("placement-new"), typed(product, asset))
    row = Placement.objects.get()
    assert answer.headers["Location"] == reverse("placement", args=[row.uid])
    assert (row.state, row.page, load(row.condition)) == ("drafted", "/a/*", All())
    manager.post(reverse("placement-activate", args=[row.uid]))
    manager.post(reverse("placement-edit", args=[row.uid]), typed(product, asset, page="/b"))
    row.refresh_from_db()
    assert (row.state, row.page) == ("active", "/b")
    assert "請求書を送る" in manager.get(reverse("placements")).text
    manager.post(reverse("placement-retire", args=[row.uid]))
    row.refresh_from_db()
    assert row.state == "retired"
    verbs = Activity.objects.filter(verb__startswith="placement.").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        *("placement.drafted", "placement.activated", "placement.revised", "placement.retired"),
    ]


def test_the_builder_says_for_whom(product, manager):
    told = typed(product, guide()) | CONDITION
    manager.post(reverse("placement-new"), told)
    [asked] = load(Placement.objects.get().condition).of
    assert (asked.field, asked.op) == ("gap", "ge")
    page = manager.get(reverse("placement-edit", args=[Placement.objects.get().uid]))
    assert "50" in page.text
    acted = manager.post(reverse("placement-new"), told | {"condition-act": "add-group:"})
    assert acted.status_code == 200 and "errorlist" not in acted.text


def test_what_asks_for_a_metric_that_is_gone_says_so_and_is_asked_anew(product, world, manager):
    row = placed(product, condition=Is("metric:number-0", "ge", 5))
    page = reverse("placement", args=[row.uid])
    assert "数値0" in manager.get(page).text
    world.metrics[0].retired_at = timezone.now()
    world.metrics[0].save()
    told = manager.get(page).text
    assert "なくなった項目" in told and "条件に合うお客様" in told
    edit = manager.get(reverse("placement-edit", args=[row.uid]))
    assert "決め直してください" in edit.text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"page": "invoices"}, "パスは"),
        ({"page": "/a?x=1"}, "? と #"),
        ({"from_on": "2026-05-02", "until_on": "2026-05-01"}, "終わる日"),
        ({"from_on": "きのう"}, "2026-04-30"),
        ({"asset": "zzzz"}, "errorlist"),
        ({"source": "files"}, "errorlist"),
    ],
)
def test_what_cannot_be_placed_is_said(product, manager, words, told):
    answer = manager.post(reverse("placement-new"), typed(product, guide(), **words))
    assert answer.status_code == 422
    assert told in answer.text
    assert not Placement.objects.exists()


def test_only_a_guide_for_others_is_shown(product, keeper, manager):
    inside = make()
    row = draft_placement(sheet=PlacementSheet(product.source, inside), by=keeper)
    with pytest.raises(Refused, match="no_guide"):
        activate_placement(placement=row, by=keeper)
    answer = manager.post(reverse("placement-activate", args=[row.uid]), follow=True)
    assert "公開済みのガイド" in answer.text
    shown = placed(product)
    with pytest.raises(Refused, match="no_guide"):
        revise_placement(placement=shown, sheet=PlacementSheet(product.source, inside), by=keeper)
    place_asset(asset=shown.asset, audience="internal", by=keeper)
    assert "読めません" in manager.get(reverse("placement", args=[shown.uid])).text


def test_the_order_is_changed_one_place_at_a_time(product, manager):
    asset = guide(NEWS)
    first, second, third = (placed(product, asset) for _ in range(3))
    manager.post(reverse("placement-move", args=[third.uid]), {"to": "up"})
    manager.post(reverse("placement-move", args=[first.uid]), {"to": "up"})
    order = Placement.objects.values_list("uid", flat=True)
    assert list(order) == [first.uid, third.uid, second.uid]


def test_counts_are_of_people_and_leave_out_the_restricted(browser, world, manager, staff, sign_in):
    product = browser.product
    row = placed(product, condition=Is("gap", "ge", 0))
    for place, engagement in enumerate(world.engagements):
        token = product.knows(engagement, f"acct-{place}", f"u-{place}")
        browser.tell(row, "shown", token)
        browser.tell(row, "done", token)
    page = reverse("placement", args=[row.uid])
    assert counts(manager.get(page)) == (2, 2, 0)
    hidden = world.engagements[0]
    owner = staff("success_manager", name="守る人")
    type(hidden).objects.filter(pk=hidden.pk).update(owner=owner)
    restrict(engagement=hidden, reason="協議", readers=[], by=owner)
    assert counts(manager.get(page)) == (1, 1, 0)
    assert counts(sign_in(owner).get(page)) == (2, 2, 0)


def counts(answer):
    told = answer.context["page"].line.figures
    return told.shown, told.done, told.closed


def test_an_administrator_connects_a_product(product, admin):
    address = reverse("placement-product", args=[product.source.key])
    admin.post(address, {"origins": f"{HOST}\nhttps://b.example.jp:8443"})
    assert Embedding.objects.get().origins == [HOST, "https://b.example.jp:8443"]
    wrong = admin.post(address, {"origins": "app.example.jp/path"})
    assert wrong.status_code == 422 and "https://app.example.com" in wrong.text
    page = admin.get(address).text
    assert product.key in page and "inproduct/guide.js" in page
    admin.post(address, {"origins": ""})
    assert Embedding.objects.get().origins == []


def test_a_key_to_sign_with_is_shown_once_and_kept_sealed(product, admin):
    name = product.source.key
    answer = admin.post(reverse("signing-key-make", args=[name]))
    row = SigningKey.objects.latest("pk")
    secret = unseal(row.sealed)
    assert secret in answer.text and answer.headers["Cache-Control"] == "no-store"
    assert secret not in row.sealed
    assert secret not in admin.get(reverse("placement-product", args=[name])).text
    third = admin.post(reverse("signing-key-make", args=[name]), follow=True)
    assert "2つ" in third.text and SigningKey.objects.count() == 2
    for _ in range(2):
        admin.post(reverse("signing-key-revoke", args=[name, row.uid]))
    assert SigningKey.objects.filter(revoked_at=None).count() == 1


def test_the_demo_product_is_there_in_the_demo_only(product, world, manager):
    address = reverse("demo-product", args=["invoices"])
    assert manager.get(address).status_code == 404
    Workspace.objects.update(synthetic=True)
    product.knows(world.engagements[0])
    Subject.objects.create(source=product.source, kind="person", value="u-1", account="acct-1")
    answer = manager.get(address, {"person": "u-1", "lang": "en"})
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy
    assert '<html lang="en">' in answer.text and 'data-identity="' in answer.text
    assert "data-identity" not in manager.get(address).text
    assert manager.get(reverse("demo-product", args=["nowhere"])).status_code == 404
