"""A company out of clones: who is who, what is decided, and that nothing of them stays."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from banso.base.models import Workspace
from banso.cli.main import main
from banso.demo import git_accounts
from banso.demo.from_git import install_from_git
from banso.demo.git_accounts import account_key, derive, segment_of, terms_of
from banso.demo.git_read import NoClone, checked, commits, is_shallow
from banso.engagements.models import Contract, Engagement
from banso.events.models import Import
from tests.demo.clones import CANARIES, busy, fast, git, new

UNTIL = date(2026, 11, 21)


@pytest.fixture
def own_main(db, monkeypatch):
    monkeypatch.setattr("banso.cli.main.set_up", lambda: None)

    def run(*words):
        with pytest.raises(SystemExit) as end:
            main([*words])
        return end.value.code

    return run


@pytest.mark.parametrize(
    ("address", "key", "segment"),
    [
        ("jo@acme.com", "acme.com", "corporate"),
        ("jo@eu.mail.acme.com", "acme.com", "corporate"),
        ("jo@dept.acme.co.jp", "acme.co.jp", "corporate"),
        ("jo@cs.kyoto-u.ac.jp", "kyoto-u.ac.jp", "academic"),
        ("jo@mit.edu", "mit.edu", "academic"),
        ("jo@gmail.com", "jo@gmail.com", "individual"),
        ("1+jo@users.noreply.github.com", "1+jo@users.noreply.github.com", "individual"),
        ("jo@laptop.local", "jo@laptop.local", "individual"),
        ("jo@192.168.1.7", "jo@192.168.1.7", "individual"),
        ("jo", "jo", "individual"),
    ],
)
def test_who_belongs_together(address, key, segment):
    assert account_key(address) == key
    assert segment_of(key, 2) == segment


def test_one_person_alone_at_a_domain_is_a_solo_domain():
    assert segment_of("acme.com", 1) == "solo_domain"


def test_a_commit_is_read_with_its_trailers_sizes_and_mailmap(tmp_path):
    told = [
        (UNTIL - timedelta(days=3), "Old Name", "old@acme.com", "one\n"),
        (
            UNTIL - timedelta(days=2),
            "Jo",
            "jo@acme.com",
            "two\n\nReviewed-by: Rev <REV@b.org>\nReviewed-by: Two <two@b.org>\n"
            "Co-authored-by: Co <co@c.net>\n",
        ),
    ]
    clone = fast(tmp_path / "a", told, mailmap="Jo <jo@acme.com> <old@acme.com>\n")
    newest, second, first = commits(checked(clone))
    assert newest.author == "map@acme-corp.com"
    assert (second.author, second.day) == ("jo@acme.com", UNTIL - timedelta(days=2))
    assert second.reviewers == ["rev@b.org", "two@b.org"]
    assert second.coauthors == ["co@c.net"]
    assert (second.files, second.insertions, second.deletions) == (1, 1, 0)
    assert first.author == "jo@acme.com"


def test_a_merge_is_the_committers_and_programs_are_nobody(tmp_path):
    clone = new(tmp_path / "m")
    when = {"GIT_AUTHOR_DATE": "2026-01-05T10:00:00", "GIT_COMMITTER_DATE": "2026-01-05T10:00:00"}
    who = {"GIT_AUTHOR_NAME": "A", "GIT_COMMITTER_NAME": "C", **when}
    people = {"GIT_AUTHOR_EMAIL": "a@acme.com", "GIT_COMMITTER_EMAIL": "c@acme.com"}
    robot = {"GIT_AUTHOR_EMAIL": "49+renovate[bot]@users.noreply.github.com"}
    git(clone, "commit", "-q", "--allow-empty", "-m", "root", **who, **people)
    git(clone, "switch", "-q", "-c", "side")
    git(clone, "commit", "-q", "--allow-empty", "-m", "s", **who, **(people | robot))
    git(clone, "switch", "-q", "main")
    git(clone, "merge", "-q", "--no-ff", "-m", "m", "side", **who, **people)
    found = derive([commits(clone)], until=UNTIL)
    assert {(address, name) for _, address, name, _ in found.events} == {
        ("a@acme.com", "commit_authored"),
        ("c@acme.com", "commit_merged"),
    }
    assert found.accounts["acme.com"].segment == "corporate"


def account(*days):
    found = git_accounts.Account("acme.com", "corporate")
    for each in days:
        found.days[date.fromisoformat(each)].add("a@acme.com")
    return found


def test_terms_are_half_years_from_the_month_of_the_first_activity():
    there = account("2020-03-17", "2020-10-02", "2020-12-01", "2023-05-09")
    rows = list(terms_of(there, date(2023, 9, 1)))
    assert [(each.start, each.decision, each.previous) for each in rows] == [
        (date(2020, 3, 1), "renewed", None),
        (date(2020, 9, 1), "churned", 0),
        (date(2023, 5, 1), "active", None),
    ]
    assert [each.end for each in rows] == [date(2020, 9, 1), date(2021, 3, 1), date(2023, 11, 1)]
    late = list(terms_of(account("2023-01-09"), date(2023, 9, 1)))
    assert [each.decision for each in late] == ["pending"]
    gone = list(terms_of(account("2022-01-09"), date(2023, 1, 1)))
    assert [each.decision for each in gone] == ["churned"]


def test_what_is_no_clone_is_refused(tmp_path, own_main, capsys):
    (tmp_path / "empty").mkdir()
    for path, code in ((tmp_path / "none", "no_folder"), (tmp_path / "empty", "no_clone")):
        with pytest.raises(NoClone) as refused:
            checked(path)
        assert refused.value.code == code
    assert own_main("demo", "--from-git", str(tmp_path / "none")) == 2
    assert "no such folder" in capsys.readouterr().err
    assert not Workspace.objects.exists()


def test_nothing_of_a_clones_own_settings_is_run(tmp_path):
    clone = fast(tmp_path / "a", [(UNTIL, "A", "a@acme.com", "one")])
    trap, sprung = tmp_path / "trap.sh", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\ntouch {sprung}\n")
    trap.chmod(0o755)
    for key in ("core.pager", "core.fsmonitor", "diff.external", "gpg.program", "core.editor"):
        git(clone, "config", key, trap)
    git(clone, "config", "log.showSignature", "true")
    assert len(list(commits(checked(clone)))) == 1
    assert not sprung.exists()


def test_under_two_hundred_terms_it_says_how_many_and_writes_nothing(tmp_path, own_main, capsys):
    clone = busy(tmp_path / "few", companies=5, years=1, until=UNTIL)
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{clone}", shallow)
    assert is_shallow(shallow)
    assert own_main("demo", "--from-git", str(clone), str(shallow)) == 2
    said = capsys.readouterr().err
    assert "decided half-year terms of 5 customers" in said
    assert "needs 200" in said
    assert "git fetch --unshallow" in said
    assert not Workspace.objects.exists()


def test_a_workspace_that_is_there_is_left_alone(tmp_path, workspace, own_main, capsys):
    assert own_main("demo", "--from-git", str(tmp_path)) == 2
    assert "not empty" in capsys.readouterr().err


@pytest.mark.slow
def test_a_company_comes_in_and_nothing_of_the_clone_stays(db, settings, tmp_path):
    """Every file of the home, the database and the lake is searched for what was planted."""
    today = datetime.now(ZoneInfo("Asia/Tokyo")).date()
    clone = busy(tmp_path / "Kestrelmont-clone", companies=60, until=today)
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    found = install_from_git([clone], language="ja")
    assert found.decided >= 200
    assert Engagement.objects.count() == len(found.accounts) == 60
    assert Contract.objects.exclude(outcome="").count() == found.decided
    assert set(Import.objects.values_list("status", flat=True)) == {"done"}
    assert Workspace.objects.get().synthetic
    assert all("（仮名）" in each.party.name for each in Engagement.objects.select_related("party"))
    assert planted(settings.HOME) == []
    assert told_in_database() == []


def planted(home):
    """Files that hold a canary, as text, as Parquet holds it, or in their names."""
    import duckdb

    found = []
    for path in home.rglob("*"):
        if path.is_file():
            text = (
                f"{path.relative_to(home)} {path.read_bytes().decode('utf-8', 'replace')}".lower()
            )
            if path.suffix == ".parquet":
                text += str(duckdb.sql(f"select * from '{path}'").fetchall()).lower()
            found += [(path, each) for each in CANARIES if each.lower() in text]
    return found


def told_in_database():
    from django.apps import apps

    return [
        (model.__name__, each)
        for model in apps.get_models()
        for row in model.objects.values()
        for each in CANARIES
        if each.lower() in str(row).lower()
    ]
