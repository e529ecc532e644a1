"""`banso doctor`: says what is misconfigured and how to mend it."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

NAME = "doctor"
HELP = "say what is misconfigured and how to mend it"
FREE_GIGABYTES = 1.0


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and the next step where it is not well."""

    what: str
    state: Literal["ok", "warning", "error"]
    found: str
    mend: str = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=["text", "json"], default="text")


def run(options: argparse.Namespace) -> int:
    findings = examine()
    if options.format == "json":
        print(json.dumps([asdict(each) for each in findings], indent=2))
    else:
        print("\n".join(line(each) for each in findings))
    return int(any(each.state == "error" for each in findings))


def examine() -> list[Finding]:
    """Every check in order; one that breaks becomes an error of its own."""
    return [finding for check in CHECKS for finding in guarded(check)]


def guarded(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except Exception as error:  # a check must never hide the ones after it
        return [Finding(check.__name__, "error", f"{type(error).__name__}: {error}")]


def line(finding: Finding) -> str:
    mark = {"ok": "  ok   ", "warning": "  look ", "error": "  MEND "}[finding.state]
    text = f"{mark} {finding.what}: {finding.found}"
    return f"{text}\n         -> {finding.mend}" if finding.mend else text


def python() -> Iterator[Finding]:
    yield Finding("Python", "ok", sys.version.split()[0])


def home() -> Iterator[Finding]:
    import shutil

    from django.conf import settings

    free = shutil.disk_usage(settings.HOME).free / 1e9
    mend = "" if free >= FREE_GIGABYTES else "free some space, or move BANSO_HOME to a larger disk"
    yield Finding(
        "BANSO_HOME", "warning" if mend else "ok", f"{settings.HOME} ({free:.1f} GB free)", mend
    )
    others = settings.HOME.stat().st_mode & 0o077
    if others:
        yield Finding(
            "BANSO_HOME",
            "warning",
            "other users of this machine can look into it",
            f"chmod 700 {settings.HOME}",
        )


def database() -> Iterator[Finding]:
    from django.db import connection

    from banso.cli.prepare import pending

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield Finding("database", "ok", connection.vendor)
    if pending():
        yield Finding(
            "database",
            "error",
            "is older than the program",
            "run `banso serve` or `banso manage migrate`: it keeps a copy and upgrades",
        )


def web() -> Iterator[Finding]:
    from django.conf import settings

    hosts = ", ".join(settings.ALLOWED_HOSTS)
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding("BANSO_HOSTS", "error", hosts, "name the hosts: BANSO_HOSTS=cs.example.com")
        return
    yield Finding("BANSO_HOSTS", "ok", hosts)
    local = all(
        host.strip("[]") in ("localhost", "127.0.0.1", "::1") for host in settings.ALLOWED_HOSTS
    )
    if not local and not settings.HTTPS:
        yield Finding(
            "BANSO_HTTPS",
            "error",
            "pages would travel unencrypted",
            "serve behind TLS and set BANSO_HTTPS=yes",
        )


def mail() -> Iterator[Finding]:
    from django.conf import settings

    if host := os.environ.get("BANSO_SMTP_HOST"):
        yield Finding("mail", "ok", host)
        return
    yield Finding(
        "mail",
        "warning",
        f"is written to {settings.HOME / 'mail'}",
        "set BANSO_SMTP_HOST (and _PORT, _USER, _PASSWORD) and BANSO_MAIL_FROM;"
        " until then hand over invitation links yourself",
    )


def mailed() -> Iterator[Finding]:
    from datetime import timedelta

    from django.utils import timezone

    from banso.base.models import Mail

    recent = Mail.objects.filter(made_at__gte=timezone.now() - timedelta(days=7), sent_at=None)
    lost = recent.exclude(error="").exclude(error="nothing_to_say").filter(next_at=None).count()
    cut = recent.filter(error="", tried_at__lt=timezone.now() - timedelta(hours=1)).count()
    if lost:
        told = f"{lost} mails of the last 7 days were given up"
        yield Finding("mails sent", "error", told, "look at BANSO_SMTP_* and the mail server")
    if cut:
        told = f"{cut} mails of the last 7 days were cut off while sending; they are not repeated"
        yield Finding("mails sent", "warning", told)
    if not lost and not cut:
        yield Finding("mails sent", "ok", "none given up, none cut off")


def work() -> Iterator[Finding]:
    from datetime import timedelta

    from django.utils import timezone

    from banso.base.models import Job

    late = Job.objects.filter(
        status=Job.Status.READY, run_after__lt=timezone.now() - timedelta(minutes=5)
    ).count()
    if late:
        yield Finding(
            "worker", "error", f"{late} jobs wait for over 5 minutes", "run `banso worker`"
        )
    failed = Job.objects.filter(status=Job.Status.FAILED).order_by("-finished_at").first()
    if failed:
        last = failed.error.strip().splitlines()[-1:]
        yield Finding("jobs", "warning", f"{failed.task} failed: {''.join(last)}")
    if not late and not failed:
        yield Finding("jobs", "ok", "none late, none failed")


def lake() -> Iterator[Finding]:
    from banso.events.lake import missing

    lost = missing()
    if lost:
        yield Finding(
            "event lake",
            "error",
            f"{len(lost)} files of the manifest are not there",
            "restore BANSO_HOME/lake from the backup of the same day",
        )
    else:
        yield Finding("event lake", "ok", "every file of the manifest is there")


def inbox() -> Iterator[Finding]:
    from banso.events.models import Inbox

    failed = list(Inbox.objects.filter(is_aside=True).defer("blob").order_by("id"))
    if failed:
        yield Finding(
            "received events",
            "error",
            f"{len(failed)} batches could not be loaded; the last: {failed[-1].error}",
            "`banso lake status` names them; mend the cause, then `banso lake retry`",
        )
    else:
        yield Finding("received events", "ok", "no batch is set aside")


def workspace() -> Iterator[Finding]:
    from banso.base.models import StaffGrant, Workspace

    row = Workspace.objects.filter(id=1).first()
    if row is None:
        yield Finding(
            "workspace", "warning", "not set up yet", "run `banso serve` and open its link"
        )
        return
    yield Finding("workspace", "ok", f"{row.timezone}, {row.currency}")
    if not StaffGrant.objects.filter(ended_at=None, role="admin").exists():
        yield Finding(
            "workspace",
            "warning",
            "has no administrator",
            "run `banso serve`: it prints a link for the first one",
        )


CHECKS = (python, home, database, web, mail, mailed, work, lake, inbox, workspace)
