"""Recipes: saved from an import, run again, with what changed since."""

import io
import os
import time

import pytest
from django.urls import reverse

from banso.base.jobs import run_all
from banso.base.models import Notification, Role
from banso.engagements.models import Engagement
from banso.events.models import Import, MissingRow, Recipe, RecipeSeen
from banso.events.recipes import (
    NameTaken,
    RecipeSheet,
    change_recipe,
    run_path,
    run_stream,
    save_recipe,
)
from banso.events.watching import look_around
from tests.events.broken import sheet

FIRST = "顧客ID,会社名,区分\nC1,青空,大口\nC2,森,小口\nC3,川,小口\n"
SECOND = "会社名,顧客ID,区分\n青空商事,C1,大口\n森,C2,小口\n海,C4,大口\n"


@pytest.fixture
def recipe(bring, staff):
    by = staff(name="担当 花子")
    owner = bring("accounts", FIRST, by=by)
    saved = save_recipe(owner=owner, name="月次の台帳", by=by)
    run_all()
    return saved


@pytest.fixture(autouse=True)
def _commits(django_capture_on_commit_callbacks, monkeypatch):
    """Tests run in one transaction: what waits for its end happens at once."""
    monkeypatch.setattr("banso.events.since.transaction.on_commit", lambda work: work())


def run(recipe, content, *, by=None, name="次.csv"):
    data = content.encode() if isinstance(content, str) else content
    begun = run_stream(recipe=recipe, stream=io.BytesIO(data), name=name, by=by)
    run_all()
    return begun, list(begun.imports.order_by("id"))


def figures(owner):
    return (owner.created, owner.imported - owner.created, owner.duplicates, owner.missing)


def test_the_next_file_says_what_changed_whatever_the_order_of_its_columns(recipe):
    _, [owner] = run(recipe, SECOND)
    assert (owner.status, figures(owner)) == ("done", (1, 1, 1, 1))
    assert list(owner.missing_rows.values_list("value", flat=True)) == ["C3"]
    assert set(RecipeSeen.objects.values_list("value", flat=True)) == {"C1", "C2", "C4"}
    assert Engagement.objects.get(external_ids__value="C3").ended_on is None


def test_the_same_file_again_changes_nothing(recipe):
    _, [owner] = run(recipe, FIRST)
    assert figures(owner) == (0, 0, 3, 0)


def test_a_missing_column_stops_the_run_and_can_be_mended(recipe, sign_in):
    begun, [owner] = run(recipe, "顧客ID,お名前その他,区分\nC1,青空,特別\n", by=recipe.owner)
    assert (owner.status, owner.inspection["recipe"]["gone"]) == ("ready", ["会社名"])
    client = sign_in(recipe.owner)
    page = client.get(reverse("recipe-run", args=[begun.uid])).text
    assert "会社名" in page
    assert "お名前その他" in page
    words = {"kind": "accounts", "header_row": "1", "remember": "on"}
    columns = {"c0": "account_id", "c1": "name", "c2": "segment"}
    client.post(reverse("import-confirm", args=[owner.uid]), words | columns)
    run_all()
    owner.refresh_from_db()
    assert owner.status == "done"
    _, [again] = run(recipe, "顧客ID,お名前その他,区分\nC1,青空,普通\n")
    assert (again.status, figures(again)[:2]) == ("done", (0, 1))


def test_new_columns_are_told_and_do_not_stop(recipe):
    _, [owner] = run(recipe, "顧客ID,会社名,区分,好物\nC1,青空,大口,柿\n")
    assert owner.status == "done"
    assert owner.inspection["recipe"]["new"] == ["好物"]


def test_rows_left_out_are_not_taken_for_missing(recipe):
    change_recipe(recipe=recipe, sheet=RecipeSheet("月次の台帳", skip_bad=True), by=recipe.owner)
    recipe.refresh_from_db()
    _, [owner] = run(recipe, "顧客ID,会社名,区分\nC1,青空,大口\nC2,森,小口,余り\n")
    assert (owner.status, owner.rejected, owner.missing) == ("done", 1, None)
    assert RecipeSeen.objects.count() == 3


def test_ending_what_is_missing_is_proposed_and_done_by_a_person(recipe, sign_in):
    choice = RecipeSheet("月次の台帳", missing="propose")
    change_recipe(recipe=recipe, sheet=choice, by=recipe.owner)
    recipe.refresh_from_db()
    begun, _ = run(recipe, SECOND, by=recipe.owner)
    row = MissingRow.objects.get()
    client = sign_in(recipe.owner)
    assert "川" in client.get(reverse("recipe-run", args=[begun.uid])).text
    client.post(reverse("recipe-missing", args=[begun.uid]), {"row": row.pk})
    row.refresh_from_db()
    assert row.ended_at
    assert Engagement.objects.get(external_ids__value="C3").ended_on


def test_fields_are_shown_with_before_and_after_and_exported(recipe, sign_in):
    begun, _ = run(recipe, SECOND, by=recipe.owner)
    client = sign_in(recipe.owner)
    page = client.get(reverse("recipe-run", args=[begun.uid])).text
    assert "青空商事" in page
    lines = b"".join(client.get(reverse("recipe-changes", args=[begun.uid]))).decode("utf-8-sig")
    assert lines.splitlines()[1].split(",")[2:] == ["青空", "青空商事"]


def test_sheets_of_one_file_are_one_recipe(bring, staff):
    by = staff()
    accounts = [["顧客ID", "会社名", "区分", "担当", "業種"], ["C1", "青空", "大口", "", "商社"]]
    contracts = [
        ["契約ID", "顧客ID", "契約開始日", "契約終了日"],
        ["K1", "C1", "2026-01-01", "2026-12-31"],
    ]
    book = sheet([["表紙"]], 顧客=accounts, 契約=contracts)
    bring("accounts", book, name="台帳.xlsx", by=by)
    owner = bring("contracts", book, name="台帳.xlsx", by=by)
    recipe = save_recipe(owner=owner, name="台帳", by=by)
    assert set(recipe.parts.values_list("kind", "sheet")) == {
        ("accounts", "顧客"),
        ("contracts", "契約"),
    }
    contracts[1][3] = "2027-12-31"
    book = sheet([["表紙"]], 顧客=accounts, 契約=contracts)
    _, owners = run(
        recipe, book.read_bytes() if hasattr(book, "read_bytes") else book, name="台帳.xlsx"
    )
    assert [(each.kind, each.status) for each in owners] == [
        ("accounts", "done"),
        ("contracts", "done"),
    ]
    assert figures(owners[1])[:2] == (0, 1)


def test_the_owner_is_told_of_runs_of_others(recipe, staff):
    run(recipe, SECOND, by=recipe.owner)
    assert not Notification.objects.filter(verb="recipe.run").exists()
    run(recipe, FIRST)
    [told] = Notification.objects.filter(verb="recipe.run")
    assert (told.user, told.detail["changed"], told.detail["missing"]) == (recipe.owner, 1, 1)


def test_a_name_is_used_once(recipe):
    with pytest.raises(NameTaken):
        save_recipe(owner=Import.objects.first(), name="月次の台帳", by=recipe.owner)


def test_only_its_owner_and_managers_change_a_recipe(recipe, staff, sign_in):
    url = reverse("recipe", args=[recipe.uid])
    words = {"name": "別の名前", "missing": "report"}
    assert sign_in(staff(name="別 人")).post(url, words).status_code == 403
    assert sign_in(staff(Role.MANAGER)).post(url, words).status_code == 302
    recipe.refresh_from_db()
    assert recipe.name == "別の名前"


def test_a_file_of_this_machine_is_run_where_it_lies(recipe, tmp_path):
    path = tmp_path / "次.csv"
    path.write_text(SECOND, encoding="utf-8")
    begun = run_path(recipe=recipe, path=path)
    run_all()
    assert begun.imports.get().status == "done"
    assert path.read_text(encoding="utf-8") == SECOND


@pytest.fixture
def folder(recipe, settings, tmp_path):
    """The watched folder, and a way to put a file there that is `age` seconds old."""
    root = tmp_path / "watched"
    (root / "crm").mkdir(parents=True)
    settings.FOLDER = root
    Recipe.objects.update(pattern="crm/*.csv")

    def put(name, content, *, age=60.0):
        path = root / name
        path.write_text(content, encoding="utf-8")
        os.utime(path, (time.time() - age, time.time() - age))
        return path

    return put


def test_the_watched_folder_is_taken_oldest_first_and_each_content_once(recipe, folder):
    folder("crm/b.csv", SECOND, age=30)
    folder("crm/a.csv", FIRST + "C9,岸,小口\n", age=90)
    assert look_around() == 2
    run_all()
    names = list(recipe.runs.order_by("id").values_list("file_name", "origin"))
    assert names == [("a.csv", "folder"), ("b.csv", "folder")]
    folder("crm/again.csv", SECOND)
    assert look_around() == 0


@pytest.mark.parametrize(
    "name", ["crm/new.csv.part", "crm/.hidden.csv", "crm/~$lock.csv", "up.csv"]
)
def test_what_is_not_meant_or_not_complete_is_left(recipe, folder, name):
    folder(name, SECOND)
    folder("crm/growing.csv", SECOND, age=1)
    assert look_around() == 0


def test_a_link_out_of_the_folder_is_not_followed(recipe, folder, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(SECOND, encoding="utf-8")
    os.utime(secret, (time.time() - 60, time.time() - 60))
    folder("crm/real.txt", "x").parent.joinpath("link.csv").symlink_to(secret)
    assert look_around() == 0
    Recipe.objects.update(pattern="../*.csv")
    assert look_around() == 0


def test_a_file_that_cannot_be_opened_is_reported_once_and_stays(recipe, folder, monkeypatch):
    path = folder("crm/a.csv", SECOND)

    def refused(*_):
        raise PermissionError

    monkeypatch.setattr("banso.events.watching.digest_of", refused)
    assert look_around() == 1
    assert look_around() == 0
    assert Import.objects.latest("id").problem == "unreadable"
    assert Notification.objects.get(verb="recipe.run").detail["stopped"] == 1
    assert path.is_file()
