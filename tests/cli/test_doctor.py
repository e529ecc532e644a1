"""The doctor names what is wrong and what to type."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from banso.base.models import Job, Mail
from banso.cli.commands import doctor


def states(what: str) -> list[tuple[str, str]]:
    return [(each.state, each.mend) for each in doctor.examine() if each.what == what]


@pytest.fixture(autouse=True)
def _private_home(settings):
    settings.HOME.chmod(0o700)
    settings.ALLOWED_HOSTS = ["localhost"]


def test_a_healthy_installation_has_nothing_to_mend(staff):
    staff("admin")

    assert [each for each in doctor.examine() if each.state == "error"] == []
    assert [state for state, _ in states("database")] == ["ok"]


def test_an_open_home_is_named(workspace, settings):
    settings.HOME.chmod(0o755)

    assert ("warning", f"chmod 700 {settings.HOME}") in states("BANSO_HOME")


def test_any_host_and_plain_pages_are_errors(workspace, settings):
    settings.ALLOWED_HOSTS = ["*"]
    assert states("BANSO_HOSTS")[0][0] == "error"

    settings.ALLOWED_HOSTS, settings.HTTPS = ["cs.example.com"], False
    assert states("BANSO_HTTPS")[0][0] == "error"
    settings.HTTPS = True
    assert states("BANSO_HTTPS") == []


def test_jobs_that_wait_need_a_worker(workspace):
    from datetime import timedelta

    from django.utils import timezone

    then = timezone.now() - timedelta(minutes=6)
    Job.objects.create(task="x", enqueued_at=then, run_after=then)

    assert ("error", "run `banso worker`") in states("worker")


def test_a_check_that_breaks_is_a_finding_and_hides_nothing(workspace, monkeypatch):
    def broken():
        raise OSError("disk")

    monkeypatch.setattr(doctor, "CHECKS", (broken, doctor.python))

    assert [each.state for each in doctor.examine()] == ["error", "ok"]


def test_the_answer_is_text_or_json_and_the_exit_code_says_it(workspace, settings, capsys):
    import argparse

    settings.ALLOWED_HOSTS = ["*"]
    assert doctor.run(argparse.Namespace(format="text")) == 1
    assert "-> name the hosts" in capsys.readouterr().out
    doctor.run(argparse.Namespace(format="json"))
    assert {"what", "state", "found", "mend"} == set(json.loads(capsys.readouterr().out)[0])


def test_mails_that_were_given_up_or_cut_off_are_counted(staff):
    user, now = staff("admin"), timezone.now()
    assert [state for state, _ in states("mails sent")] == ["ok"]
    words = {"user": user, "kind": "at_once", "made_at": now}
    Mail.objects.create(**words, attempts=6, error="ConnectionRefusedError")
    Mail.objects.create(**words, tried_at=now - timedelta(hours=2))
    Mail.objects.create(**words, next_at=now)
    assert [state for state, _ in states("mails sent")] == ["error", "warning"]
