"""The customers: found, narrowed, sorted, exported and typed by hand."""

from datetime import date, timedelta

import pytest

from banso.base.models import Role
from banso.base.workspace import local_today
from banso.engagements.models import Contract, Engagement
from banso.goals.models import Standing
from tests.house.test_pages import more, queries
from tests.world import build


def names(client, query: str) -> list[str]:
    page = client.get(f"/customers/{query}").context["page"]
    return [line.engagement.party.name for line in page.lines]


def test_found_by_japanese_and_english_words(client, world):
    assert names(client, "?q=サンプル3") == ["株式会社サンプル3"]
    assert names(client, "?q=サンプル") != []
    assert names(client, "?q=nobody") == []
    assert "検索と絞り込み" in client.get("/customers/?q=nobody").text


def test_the_search_field_of_every_page_finds_the_lost_too(client, world):
    Standing.objects.update(current=False)
    page = client.get("/search/?q=サンプル3").context["page"]
    assert [line.engagement.party.name for line in page.lines] == ["株式会社サンプル3"]
    assert page.state.href.startswith("/customers/?q=")


@pytest.mark.parametrize(
    "key", ["name", "segment", "owner", "health", "gap", "stake", "value", "next", "contact"]
)
def test_sorted_by_any_column_both_ways(client, world, key):
    up, down = names(client, f"?sort={key}"), names(client, f"?sort=-{key}")
    assert sorted(up) == sorted(down)
    if key not in ("segment", "owner"):
        assert up == down[::-1]


def test_unknown_values_come_last_both_ways(client, world):
    Standing.objects.filter(engagement=world.engagements[0]).update(gap=None)
    for sort in ("gap", "-gap"):
        assert names(client, f"?sort={sort}")[-1] == "株式会社サンプル0"


def test_narrowed(client, world, me):
    assert len(names(client, "?segment=A")) == 3
    assert len(names(client, "?touch=tech")) == 2
    assert len(names(client, f"?owner={me.uid}")) == 6
    assert names(client, "?owner=nobody") == []
    assert len(names(client, "?plan=standard")) == 6
    assert names(client, "?plan=own") == []
    assert len(names(client, "?renewal=30")) == 2
    assert names(client, "?renewal=open") == []


def test_the_silent_ones_but_not_the_tech_touch(client, world):
    Standing.objects.update(last_contact_on=local_today() - timedelta(days=31))
    assert len(names(client, "?silent=1")) == 4


def test_the_lost_are_out_of_sight_until_asked_for(client, world):
    Standing.objects.filter(engagement=world.engagements[0]).update(current=False)
    assert len(names(client, "")) == 5
    assert names(client, "?state=lost") == ["株式会社サンプル0"]
    assert len(names(client, "?state=all")) == 6


def test_no_query_per_row(client, me):
    world = build(6, me)
    client.get("/customers/")
    few = queries(client, "/customers/")
    more(world, me)
    assert queries(client, "/customers/") == few


def test_exported_as_filtered_and_safe(client, world):
    world.engagements[1].party.__class__.objects.filter(pk=world.engagements[1].party_id).update(
        name="=HYPERLINK(1)"
    )
    answer = client.get("/customers/export/?segment=A&sort=name")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("お客様名,区分,担当")
    assert any(line.startswith("'=HYPERLINK(1),A,佐藤 花子") for line in lines)
    assert "1210000" in text


def typed(**data: str) -> dict[str, str]:
    return {"name": "株式会社みどり", "kind": "organization", "touch": "high", **data}


def test_a_customer_typed_by_hand_with_a_contract(client, me):
    answer = client.post(
        "/customers/new/",
        typed(owner=me.uid, segment="中堅", annual="120万円", end_on="2099-03-31"),
    )
    engagement = Engagement.objects.get()
    assert answer.headers["Location"] == f"/customers/{engagement.uid}/"
    assert (engagement.owner, engagement.segment, engagement.party.name_key) == (
        me,
        "中堅",
        "みどり",
    )
    contract = Contract.objects.get()
    assert (contract.annual_minor, contract.end_on) == (1_200_000, date(2099, 3, 31))
    assert Standing.objects.get(engagement=engagement).annual_minor == 1_200_000
    assert names(client, "?q=みどり") == ["株式会社みどり"]


def test_a_name_is_enough(client):
    client.post("/customers/new/", typed(kind="person", name="山田 太郎"))
    engagement = Engagement.objects.get()
    assert (engagement.party.kind, engagement.owner) == ("person", None)
    assert not Contract.objects.exists()
    assert Standing.objects.filter(engagement=engagement, current=True).exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": "  "}, "name"),
        ({"annual": "たくさん"}, "annual"),
        ({"annual": "$100"}, "annual"),
        ({"end_on": "2020-03-31"}, "start_on"),
        ({"start_on": "2026-04-01", "end_on": "2026-03-31"}, "end_on"),
        ({"owner": "nobodyatall12345"}, "owner"),
    ],
)
def test_refused_kindly(client, data, field):
    answer = client.post("/customers/new/", typed(**data))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Engagement.objects.exists()


def test_the_same_company_is_not_added_twice(client):
    client.post("/customers/new/", typed())
    answer = client.post("/customers/new/", typed(name="(株)みどり"))
    assert answer.status_code == 422
    assert Engagement.objects.count() == 1


def test_the_notice_date_is_typed_with_the_customer(client):
    client.post("/customers/new/", typed(end_on="2027-03-31", notice_on="2026-12-31"))
    assert str(Contract.objects.get().notice_on) == "2026-12-31"


def test_a_notice_after_the_assumed_year_is_refused(client):
    answer = client.post("/customers/new/", typed(start_on="2026-04-01", notice_on="2027-04-02"))
    assert list(answer.context["form"].errors) == ["notice_on"]
    assert not Engagement.objects.exists()


def test_another_keeps_what_the_next_one_shares_and_nothing_else(client):
    words = typed(segment="大手", touch="low", annual="120万円", another="1")
    form = client.post("/customers/new/", words, follow=True).context["form"]
    assert form["segment"].value() == "大手"
    assert form["touch"].value() == "low"
    assert not form["name"].value()
    assert not form["annual"].value()


def test_a_viewer_adds_nobody(staff, sign_in):
    viewer = sign_in(staff(Role.VIEWER))
    assert viewer.get("/customers/new/").status_code == 403
    assert viewer.post("/customers/new/", typed()).status_code == 403


def test_a_cell_says_what_is_known_and_what_is_not(client, world):
    first = world.engagements[0]
    Engagement.objects.filter(pk=first.pk).update(segment="<A&B>", touch="tech")
    Standing.objects.filter(pk=first.pk).update(
        gap=0.42, stake=12_219_000, next_kind="notice", next_on=local_today(), last_contact_on=None
    )
    page = client.get("/customers/?columns=segment,touch,gap,stake,next,contact").text
    assert '<td class="nowrap" data-label="区分">&lt;A&amp;B&gt;</td>' in page
    assert '<td class="nowrap" data-label="タッチ">テックタッチ</td>' in page
    assert '<rect width="42%" height="100%" class="fill">' in page
    assert '<span class="num">42%</span></div></td>' in page
    assert '<td class="num" data-label="ステーク">¥1,222万</td>' in page
    assert '<span class="attention">解約通知期限 <time datetime="' in page
    assert '<span class="faint">接点の記録なし</span>' in page
    Standing.objects.filter(pk=first.pk).update(gap=None)
    assert '<span class="faint">未計測</span>' in client.get("/customers/?columns=gap").text
