"""`banso lake`: says what is there, finds what was damaged, copies for other tools."""

import duckdb
import pytest
from django.utils import timezone

from banso.cli.main import main
from banso.events import lake, manifest
from banso.events.loading import load_all
from banso.events.models import ExternalId, LakePart, Source
from banso.parties.actions import PersonCard, create_parties
from tests.events.received import send, told


@pytest.fixture
def source(workspace):
    source = Source.objects.create(key="product", name="Product")
    at = "2026-03-01T00:00Z"
    send(source, told(source.pk, "m1", at, count=2), told(source.pk, "m2", "2026-03-31T16:00Z"))
    load_all()
    send(source, told(source.pk, "m3", at, person=None))
    load_all()
    return source


@pytest.fixture
def banso(capsys):
    def say(*words):
        with pytest.raises(SystemExit) as end:
            main(["lake", *map(str, words)])
        return end.value.code, capsys.readouterr().out

    return say


def test_status_says_what_is_there_and_what_waits(source, banso):
    send(source, told(source.pk, "m4", timezone.now().isoformat()))
    code, text = banso("status")
    assert code == 0
    assert "imported: 0 rows in 0 files" in text
    assert "received: 3 rows in 3 files" in text
    assert "since 2026-03-01" in text
    assert "waiting: 1 events in 1 batches, the oldest since" in text


def test_a_sound_lake_is_called_so_also_when_put_together(source, banso):
    assert banso("verify") == (0, "3 files read: all sound\n")
    assert banso("compact") == (0, "2 files put together, 0 old files removed\n")
    assert banso("verify") == (0, "2 files read: all sound\n")


@pytest.mark.parametrize("code", ["missing", "checksum", "rows", "weight", "days", "zone"])
def test_a_damaged_lake_is_told_by_file(source, banso, code):
    part = LakePart.objects.order_by("first_day", "id")[0]
    path = lake.folder() / part.path
    if code == "missing":
        path.unlink()
    elif code == "checksum":
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    else:
        changed = {
            "rows": {"rows": 9},
            "weight": {"weight": 9},
            "days": {"first_day": "2026-03-02"},
            "zone": {"zone": "Pacific/Honolulu"},
        }
        LakePart.objects.filter(pk=part.pk).update(**changed[code])
    assert banso("verify") == (1, f"{code}: {part.path}\n3 files read: 1 faults\n")


def test_an_event_told_twice_and_a_file_nobody_names_are_found(source, banso, monkeypatch):
    send(source, told(source.pk, "m1", "2026-02-28T10:00Z"))
    monkeypatch.setattr("banso.engine.received._drop_known", lambda *_: None)
    load_all()
    monkeypatch.setattr(manifest, "GRACE", -1)
    (lake.folder() / "parts" / "2026-03" / "lost.parquet").write_bytes(b"")
    assert banso("verify")[1].splitlines()[:2] == [
        "duplicates: 2026-03",
        "orphan: parts/2026-03/lost.parquet",
    ]


def test_an_export_is_read_without_us(source, banso, tmp_path):
    out = tmp_path / "copy"
    assert banso("export", out) == (0, f"3 events written to {out}\n")
    query = (
        "select day, message, account, person, event, count, properties"
        f" from read_parquet('{out}/*/*.parquet', hive_partitioning = true) order by message"
    )
    found = [(str(day), *rest) for day, *rest in duckdb.sql(query).fetchall()]
    assert found == [
        ("2026-03-01", "m1", "C001", "P1", "login", 2, "{}"),
        ("2026-04-01", "m2", "C001", "P1", "login", 1, "{}"),
        ("2026-03-01", "m3", "C001", None, "login", 1, "{}"),
    ]
    assert (out / "_sources.csv").read_text().splitlines()[1].endswith(",product,Product")
    assert "Asia/Tokyo" in (out / "_README.md").read_text()
    assert banso("export", out) == (2, f"{out} is not an empty folder\n")


def test_a_person_is_erased_when_somebody_says_yes(source, banso, monkeypatch):
    [party] = create_parties([PersonCard("高橋 純", email="jun@example.com")])
    ExternalId.objects.create(source=source, kind="person", value="P1", party=party)
    send(source, told(source.pk, "m4", "2026-03-01T00:00Z"))
    monkeypatch.setattr("builtins.input", lambda _: "no")
    code, text = banso("erase", "Jun@example.com")
    assert code == 1
    assert f"person: 高橋 純 ({party.uid}), 2 ids of sources" in text
    assert "in the lake: 2 events in 2 files\nwaiting: 1 events" in text
    assert LakePart.objects.count() == 3
    code, text = banso("erase", "product:P1", "--yes")
    assert (code, text.splitlines()[-1]) == (0, "3 events erased, 2 files written anew")
    assert "received: 1 rows in 1 files" in banso("status")[1]
    assert (
        banso("erase", "product:unheard", "--yes")[1].splitlines()[0].startswith("person: nobody")
    )
    assert banso("erase", "nobody@example.com", "--yes") == (2, "")
