"""The import pages through HTTP: from the upload to taking it back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from banso.base.jobs import run_all
from banso.base.models import Role
from banso.engagements.models import Engagement
from banso.events.models import Import, StaffName
from tests.events.broken import sheet
from tests.events.conftest import ACCOUNTS, CONTRACTS, PEOPLE


@pytest.fixture
def client(staff, sign_in):
    return sign_in(staff(Role.SUCCESS, name="佐藤 花子"))


def send(client, content, name="顧客.csv", **words):
    """Upload a file; where the browser is sent."""
    data = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("imports"), {"file": file, **words}).headers["Location"]


def confirm(client, address, **words):
    client.post(f"{address}confirmation/", words)
    run_all()
    return Import.objects.latest("id")


def test_a_file_is_looked_at_confirmed_and_taken_back(client):
    page = send(client, ACCOUNTS)
    shown = client.get(page).text
    assert "株式会社髙﨑商事" in shown
    assert "2行を取り込む" in shown
    assert Engagement.objects.count() == 0
    assert confirm(client, page).status == "done"
    assert Engagement.objects.count() == 2
    assert "この取り込みを取り消す" in client.get(page).text
    client.post(f"{page}undoing/")
    assert "この取り込みを取り消しています" in client.get(page).text
    run_all()
    assert "佐藤 花子さんが取り消しました" in client.get(page).text
    assert Engagement.objects.count() == 0


def test_columns_can_be_chosen_by_hand(client):
    page = send(client, "番号その一,呼び名\nA,青空\n", kind="accounts")
    assert "次の項目の列が必要です" in client.get(page).text
    words = {"kind": "accounts", "header_row": "1", "c0": "account_id", "c1": "name"}
    client.post(page, words)
    owner = confirm(client, page, **words)
    assert owner.status == "done"
    assert Engagement.objects.get(external_ids__value="A").party.name == "青空"


def test_the_ids_of_another_system_are_told_apart(client):
    confirm(client, send(client, ACCOUNTS))
    page = send(client, "取引先ID,会社名\nC001,みらい商店\nC002,㈱山田①工業\n")
    shown = client.get(page).context["page"]
    known = [(each.value, each.known_as, each.called) for each in shown.mapping.strangers]
    assert known == [("C001", "株式会社髙﨑商事", "みらい商店")]
    client.post(page, {"source": " CRM ", "header_row": "1"})
    assert client.get(page).context["page"].mapping.strangers == []
    owner = confirm(client, page)
    assert (owner.status, owner.source.name, owner.imported) == ("done", "CRM", 2)
    both = Engagement.objects.filter(external_ids__value="C001").order_by("pk")
    assert [each.party.name for each in both] == ["株式会社髙﨑商事", "みらい商店"]


def test_a_system_is_made_once_and_nothing_means_the_usual_one(client):
    send(client, ACCOUNTS, source="請求システム")
    send(client, PEOPLE, source=" 請求システム ")
    send(client, CONTRACTS, source="")
    send(client, CONTRACTS, source="ファイル")
    keys = list(Import.objects.order_by("id").values_list("source__name", "source__key"))
    assert keys[0] == keys[1]
    assert keys[0][0] == "請求システム"
    assert keys[2] == keys[3] == ("Files", "files")


def test_a_confirmation_without_a_needed_column_waits(client):
    page = send(client, "番号その一,呼び名\nA,青空\n", kind="accounts")
    assert confirm(client, page).status == "ready"


def test_a_name_is_given_to_a_colleague_on_the_way(client, staff):
    suzuki = staff(name="S. Suzuki")
    page = send(client, ACCOUNTS)
    assert "鈴木 一郎" in client.get(page).text
    words = {"kind": "accounts", "header_row": "1", "colleague_name": "鈴木 一郎"}
    columns = {"c0": "account_id", "c1": "name", "c2": "segment", "c3": "owner"}
    confirm(client, page, **words, **columns, colleague=suzuki.uid)
    assert StaffName.objects.get().user == suzuki
    assert Engagement.objects.get(external_ids__value="C002").owner == suzuki


def test_problems_are_shown_downloaded_and_skipped(client):
    send(client, ACCOUNTS)
    confirm(client, reverse("import", args=[Import.objects.get().uid]))
    page = send(client, CONTRACTS + "K3,C002,=1+1,2026-09-30,1,1,\n")
    assert confirm(client, page).status == "refused"
    shown = client.get(page).text
    assert "読み取れない行が1行あるため" in shown
    file = b"".join(client.get(f"{page}problems/").streaming_content).decode("utf-8-sig")
    assert file.splitlines()[1].split(",")[:3] == ["4", "契約開始日", "'=1+1"]
    owner = confirm(client, page, skip_bad="on")
    assert (owner.status, owner.imported, owner.rejected) == ("done", 2, 1)


def test_the_other_sheets_of_a_workbook_follow(client):
    accounts = [line.split(",") for line in ACCOUNTS.split()]
    accounts = [["顧客ID", "会社名"], ["C1", "青空"]]
    book = sheet([["メモ"]], 顧客=accounts, 関係者=[["氏名", "顧客ID"], ["森", "C1"]])
    page = send(client, book, name="台帳.xlsx", kind="accounts")
    assert confirm(client, page).sheet == "顧客"
    other = client.post(f"{page}sheets/", {"sheet": "関係者"}).headers["Location"]
    owner = confirm(client, other)
    assert (owner.kind, owner.sheet, owner.imported) == ("people", "関係者", 1)


def test_what_waits_is_told(client):
    page = send(client, PEOPLE)
    confirm(client, page)
    shown = client.get(reverse("imports")).text
    assert "保留中の行" in shown
    assert "C009" in shown


def test_a_template_is_read_by_its_own_importer(client):
    for kind in ("accounts", "people", "contracts", "contacts", "events"):
        file = b"".join(client.get(f"/imports/templates/{kind}/").streaming_content)
        page = send(client, file, name=f"{kind}.csv")
        owner = confirm(client, page)
        assert (owner.kind, owner.status, owner.rejected) == (kind, "done", 0)
    assert client.get("/imports/templates/nothing/").status_code == 404


def test_only_managers_and_the_importer_take_it_back(client, staff, sign_in):
    page = send(client, ACCOUNTS)
    confirm(client, page)
    stranger = sign_in(staff(Role.SUCCESS, name="他の人"))
    assert stranger.post(f"{page}undoing/").status_code == 403
    assert "この取り込みを取り消す" not in stranger.get(page).text
    viewer = sign_in(staff(Role.VIEWER, name="見る人"))
    assert viewer.post(f"{page}undoing/").status_code == 403
    assert viewer.post(reverse("imports")).status_code == 403
    manager = sign_in(staff(Role.MANAGER, name="まとめる人"))
    assert manager.post(f"{page}undoing/").status_code == 302
    run_all()
    assert Import.objects.get().status == "undone"


def test_a_file_too_large_for_the_browser_is_named(client, monkeypatch):
    monkeypatch.setattr("banso.events.views.LARGEST_TEXT", 10)
    send(client, ACCOUNTS)
    assert not Import.objects.exists()
    assert "コマンドラインから取り込んでください" in client.get(reverse("imports")).text


def test_nothing_chosen_is_said(client):
    answer = client.post(reverse("imports"), {}, follow=True)
    assert [each.level_tag for each in answer.context["messages"]] == ["error"]
    assert not Import.objects.exists()


def test_a_page_left_open_in_another_window_changes_nothing_twice(client):
    """The import is done meanwhile: its buttons say so, and the undo happens once."""
    page = send(client, ACCOUNTS)
    assert confirm(client, page).status == "done"
    words = {"kind": "accounts", "header_row": "1", "c0": "account_id", "c1": "name"}
    for name, typed in (("import", words), ("import-cancel", {}), ("import-confirm", {})):
        uid = Import.objects.get().uid
        answer = client.post(reverse(name, args=[uid]), typed, follow=True)
        assert len(answer.context["messages"]) == 1, name
        assert Import.objects.get().status == "done"
    uid = Import.objects.get().uid
    client.post(reverse("import-undo", args=[uid]))
    again = client.post(reverse("import-undo", args=[uid]), follow=True)
    assert len(again.context["messages"]) == 1
    run_all()
    assert Engagement.objects.count() == 0


def test_a_sheet_that_is_not_in_the_file_is_not_looked_at(client):
    page = send(client, ACCOUNTS)
    uid = Import.objects.get().uid
    client.post(reverse("import-sheet", args=[uid]), {"sheet": "../秘密"})
    assert Import.objects.count() == 1
    assert client.get(page).status_code == 200
