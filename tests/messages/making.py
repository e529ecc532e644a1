"""Messages, people and mail servers that tests begin with."""

import smtplib
from datetime import datetime

import time_machine
from django.core import mail as mailed
from django.core.mail.backends.locmem import EmailBackend

from banso.assets.actions import Sheet
from banso.base.jobs import run_all
from banso.messages.actions import Cause, write
from banso.messages.models import Message
from banso.messages.outbox import due_messages
from banso.messages.people import readers_at
from banso.parties.actions import PersonCard, create_parties
from banso.parties.models import Membership, Person
from tests.assets.making import make

JA = "{先方のお名前} 様\n\n**設定の手順**です。[手順](https://example.com/a)をご覧ください。"
EN = "Dear {contact}\n\nThe **steps**: see [the page](https://example.com/a)."
HELLO = Sheet({"ja": "{お客様名}の設定", "en": "Setting up {customer}"}, {"ja": JA, "en": EN})
BUSY = "2026-11-25T10:00+09:00"
"""A Wednesday morning, when mail may come."""


def hello(by=None, sheet=HELLO):
    return make("template", sheet, by=by)


PLAIN = Sheet({"ja": "設定の手順", "en": "Setting up"}, HELLO.body)
"""Its subject has no field."""


def person(engagement, name="田中 一郎", email="tanaka@aozora.example", *, main=False, language=""):
    made = create_parties([PersonCard(name, email)])[0]
    Membership.objects.create(person=made, home=engagement.party, main=main)
    Person.objects.filter(party=made).update(language=language)
    return made


def written(engagement, template, *, by, group="hand 1", to=None, **words):
    """One message to each of the customer's people (`to`: to these)."""
    readers = [
        each
        for each in readers_at(engagement)
        if to is None or each.at.person_id in [p.pk for p in to]
    ]
    return write(
        engagement=engagement,
        version=template.current,
        readers=readers,
        cause=Cause(group),
        by=by,
        **words,
    )


def at(moment=BUSY):
    return time_machine.travel(datetime.fromisoformat(moment), tick=False)


def pass_by(moment=BUSY) -> int:
    """The worker's look and its jobs at that moment; how many mails are out by then."""
    with at(moment):
        due_messages()
        run_all()
    return len(mailed.outbox)


def state(row: Message) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.reason


class Broken(EmailBackend):
    """A mail server that fails where the test says."""

    fails = ""

    def open(self):
        if self.fails == "open":
            raise ConnectionRefusedError

    def send_messages(self, messages):
        if self.fails == "killed":
            super().send_messages(messages)
            raise KeyboardInterrupt
        if self.fails == "dropped":
            raise smtplib.SMTPServerDisconnected
        if isinstance(self.fails, tuple):
            raise smtplib.SMTPRecipientsRefused({"x": self.fails})
        return super().send_messages(messages)
