"""Looking into the mailbox that blind copies go to (IMAP)."""

import imaplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.tasks import task

from banso.inbound.mail import LARGEST
from banso.inbound.reading import put_aside, take_mail

PAUSE = 120.0
SECONDS = 30.0
AT_ONCE = 200
LAST_LOOK = [float("-inf")]
log = structlog.get_logger()


def due_mail() -> bool:
    """Enqueue a look into the mailbox now and then; True when it was enqueued."""
    if not settings.IMAP_HOST or time.monotonic() - LAST_LOOK[0] < PAUSE:
        return False
    LAST_LOOK[0] = time.monotonic()
    read_mailbox.enqueue()
    return True


@task
def read_mailbox() -> int:
    """Take in what is unread; a message counts as read once it is taken in. Returns how many."""
    try:
        with opened() as box:
            return sum(take_one(box, number) for number in unread(box))
    except (OSError, imaplib.IMAP4.error) as error:
        log.warning("mailbox_not_read", kind=type(error).__name__)
        return 0


@contextmanager
def opened() -> Iterator[imaplib.IMAP4]:
    """The mailbox over TLS, selected."""
    box = imaplib.IMAP4_SSL(
        settings.IMAP_HOST,
        settings.IMAP_PORT,
        ssl_context=ssl.create_default_context(),
        timeout=SECONDS,
    )
    try:
        box.login(settings.IMAP_USER, settings.IMAP_PASSWORD)
        state, _ = box.select(settings.IMAP_FOLDER)
        if state != "OK":
            raise imaplib.IMAP4.error("no such folder")
        yield box
    finally:
        box.logout()


def unread(box: imaplib.IMAP4) -> list[bytes]:
    """The numbers of unread messages, the oldest first."""
    _, found = box.uid("SEARCH", "UNSEEN")
    return (found[0] or b"").split()[:AT_ONCE] if found else []


def take_one(box: imaplib.IMAP4, number: bytes) -> bool:
    """One message; of a very large one only the beginning is fetched. Something of ours that
    breaks on it must neither lose it nor stop the others."""
    name = number.decode("ascii")
    _, answer = box.uid("FETCH", name, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
    raw = next((part[1] for part in answer or () if isinstance(part, tuple)), None)
    if raw is None:
        return False
    try:
        take_mail(raw)
    except Exception as error:
        log.error("mail_put_aside", kind=type(error).__name__)
        put_aside(raw)
    box.uid("STORE", name, "+FLAGS", r"(\Seen)")
    return True
