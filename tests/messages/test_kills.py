"""Sending however it goes: killed at any statement, run twice, run by several at once."""

import threading
from contextlib import suppress

import pytest
import time_machine
from django.core import mail as mailed
from django.db import connection, transaction

from banso.actions.models import Contact
from banso.base.models import Job, Role, StaffGrant, User, Workspace
from banso.messages import outbox
from banso.messages.models import Message
from banso.messages.outbox import due_messages, send_due
from tests.engagements.making import make_customer
from tests.messages.making import BUSY, at, hello, person, written
from tests.plays.test_kills import Killed, Killer

MESSAGES = 2


def some_messages(writer) -> None:
    template = hello(writer)
    for number in range(MESSAGES // 2):
        customer = make_customer(f"会社{number}", owner=writer)
        for each in range(2):
            person(customer, f"人{each}", f"p{number}{each}@example.jp")
        written(customer, template, by=writer, group=f"hand {number}")


def look() -> None:
    """What a worker does now and then, without the job in between."""
    due_messages()
    send_due.call()


def out() -> list[str]:
    return [each.extra_headers["Message-ID"] for each in mailed.outbox]


def test_killed_anywhere_nothing_goes_out_twice_and_nothing_is_lost(staff, monkeypatch):
    monkeypatch.setattr(outbox, "announce", lambda ids: None)  # another room's work, after all
    writer = staff(Role.SUCCESS)
    with at():
        some_messages(writer)
        counter = Killer(0)
        with transaction.atomic(), connection.execute_wrapper(counter):
            look()
            transaction.set_rollback(True)
    assert len(out()) == MESSAGES

    uncertain = 0
    for after in range(1, counter.seen):
        mailed.outbox.clear()
        with transaction.atomic():
            uncertain += killed_at(after)
            transaction.set_rollback(True)
    assert 2 < uncertain < counter.seen / 2


def killed_at(after: int) -> bool:
    """Killed at that statement, then looked at again at once and after the lease; whether a
    message was left to a person."""
    with at():
        with suppress(Killed), connection.execute_wrapper(Killer(after)):
            look()
        look()
        Job.objects.all().delete()
    with at("2026-11-25T10:20+09:00"):
        look()
        look()
    names = out()
    assert len(names) == len(set(names)), after
    states = list(Message.objects.values_list("uid", "state"))
    for uid, state in states:
        there = any(uid in name for name in names)
        assert state == "uncertain" or (state == "sent" and there), (after, state)
    contacts = Contact.objects.count()
    assert contacts == MESSAGES // 2, after
    left = [state for _, state in states if state == "uncertain"]
    assert len(left) <= 1, after
    return bool(left)


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_send_each_once():
    Workspace.objects.create(id=1, name="伴走テスト株式会社")
    writer = User.objects.create_user("a@example.jp", "a long enough pass phrase", name="佐藤")
    StaffGrant.objects.create(user=writer, role=Role.SUCCESS)
    with at():
        some_messages(writer)
    together, failed = threading.Barrier(3), []

    def work() -> None:
        try:
            together.wait()
            look()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    with time_machine.travel(BUSY, tick=True):
        threads = [threading.Thread(target=work) for _ in range(3)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert failed == []
    assert sorted(out()) == sorted(set(out())) and len(out()) == MESSAGES
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
