"""Views of the customers: kept, shared, opened first; columns chosen, metrics among them."""

import pytest

from banso.base.models import Role
from banso.desk.models import FirstView, View


def keep(client, **words):
    typed = {"name": "大手だけ", "query": "segment=A&sort=name", **words}
    return client.post("/customers/views/", typed)


def page(client, address="/customers/"):
    return client.get(address).context["page"]


def test_kept_and_opened_again(client, world):
    answer = keep(client)
    shown = page(client, answer.headers["Location"])
    assert len(shown.lines) == 3
    assert shown.views.active.name == "大手だけ"
    assert not shown.views.changed
    other = answer.headers["Location"].replace("sort=name", "sort=-name")
    assert page(client, other).views.changed
    assert len(page(client, "/customers/").lines) == 6


def test_the_same_name_again_replaces_it(client, world):
    keep(client)
    keep(client, query="segment=B")
    assert [each.query for each in View.objects.all()] == ["segment=B"]


def test_customers_open_with_the_first_view(client, world):
    keep(client, first="on")
    assert len(page(client).lines) == 3
    assert len(page(client, "/customers/?view=all").lines) == 6
    view = View.objects.get()
    client.post(f"/customers/views/{view.uid}/")
    assert not FirstView.objects.exists()
    assert len(page(client).lines) == 6


def test_a_private_view_is_nobody_elses(client, world, staff, sign_in):
    other = sign_in(staff(Role.SUCCESS, name="鈴木 一郎"))
    keep(client)
    view = View.objects.get()
    assert page(other).views.tabs == []
    assert other.post(f"/customers/views/{view.uid}/", {"first": "1"}).status_code == 404
    keep(client, shared="on")
    assert [each.view for each in page(other).views.tabs] == [view]
    assert other.post(f"/customers/views/{view.uid}/", {"drop": "1"}).status_code == 403
    client.post(f"/customers/views/{view.uid}/", {"drop": "1"})
    assert not View.objects.exists()


def test_a_view_needs_a_name(client, world):
    assert keep(client, name=" ").status_code == 302
    assert not View.objects.exists()


@pytest.mark.parametrize("words", ["column=health&column=touch", "columns=health,touch"])
def test_columns_are_chosen(client, world, words):
    shown = page(client, f"/customers/?{words}")
    assert [each.key for each in shown.columns] == ["health", "touch"]
    usual = page(client, "/customers/?columns=nonsense")
    assert usual.columns[0].key == "segment"


def test_a_metric_is_a_column_on_the_page_and_in_the_file(client, world):
    metric = world.metrics[0]
    shown = page(client, f"/customers/?columns=m-{metric.uid}&sort=name")
    first = shown.lines[0].engagement.pk
    assert shown.values[first][f"m-{metric.uid}"] == 0.0
    answer = client.get(f"/customers/export/?columns=m-{metric.uid},stake&sort=name")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "お客様名,数値0,ステーク"
    assert lines[2].split(",")[:2] == ["株式会社サンプル1", "7.0"]
