"""`banso worker`: runs background work until it is told to stop."""

import argparse
import signal
import time
from types import FrameType

import structlog

NAME = "worker"
HELP = "run background work: imports, measurements, the nightly round"

MAIL_SECONDS = 30
REST = 5.0
"""Seconds of rest after a look that failed."""

log = structlog.get_logger()


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="run what waits now, then stop")
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between looks")


def run(options: argparse.Namespace) -> int:
    """A database or a disk that fails is asked again a little later: a worker that ended at a full
    disk would not be there when there is room again."""
    from django.db import Error

    from banso.base.pacing import step_back
    from banso.cli.prepare import prepare

    prepare()
    step_back()
    stopping = stop_on_signal()
    mails = MailClock()
    while not stopping:
        try:
            mails.look()
            busy = work()
        except (Error, OSError) as error:
            if options.once:
                raise
            log.error("work_failed", kind=type(error).__name__)
            time.sleep(REST)
            continue
        if options.once and not busy:
            break
        if not busy:
            time.sleep(options.pause)
    return 0


def work() -> bool:
    """One look: what is due is enqueued, one job runs, committed activity is sealed."""
    from django.db import close_old_connections

    from banso.base.activity import seal
    from banso.base.jobs import run_one
    from banso.base.models import Workspace
    from banso.desk.rounds import due_rounds
    from banso.events.acts import drain_acts
    from banso.events.lake_work import load_due
    from banso.events.watching import due_files
    from banso.inbound.mailbox import due_mail
    from banso.inbound.reading import due_calendars
    from banso.ingest.rounds import catch_up

    close_old_connections()
    if not Workspace.objects.exists():
        return False
    due_rounds()
    due_calendars()
    due_mail()
    busy = bool(due_files()) | catch_up() | load_due() | run_one()
    busy = bool(seal()) | busy
    return bool(drain_acts()) or busy


class MailClock:
    """Looks every half minute for what is to be sent: hours are no finer, and looks cost reads."""

    def __init__(self) -> None:
        self.last = float("-inf")

    def look(self) -> None:
        from django.db import close_old_connections

        from banso.base.mail_rounds import due_mails
        from banso.base.models import Workspace
        from banso.messages.outbox import due_messages
        from banso.messages.webhooks import due_postings

        if time.monotonic() - self.last < MAIL_SECONDS:
            return
        self.last = time.monotonic()
        close_old_connections()
        if Workspace.objects.exists():
            due_mails()
            due_messages()
            due_postings()


def stop_on_signal() -> list[int]:
    """A list that becomes non-empty when the process is asked to end."""
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping
