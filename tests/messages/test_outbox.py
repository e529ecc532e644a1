"""Each message goes out once: what it says, when it may, and what an error leaves behind."""

import pytest
from django.core import mail as mailed

from banso.actions.models import Contact
from banso.assets.models import Showing
from banso.base.models import Notification, Workspace
from banso.messages.actions import Cause, Refused, drop, try_again, write
from banso.messages.models import Bounce, Message
from banso.messages.opt_outs import lift
from banso.messages.outbox import deliver, sent
from banso.messages.people import readers_at
from banso.parties.models import Membership, Party, Person
from tests.messages.making import BUSY, at, pass_by, person, state, written


@pytest.fixture
def row(busy, customer, tanaka, template, writer):
    return written(customer, template, by=writer)[0]


def test_what_a_mail_says_and_from_whom(row, writer):
    assert pass_by() == 1
    [mail] = mailed.outbox
    assert (mail.subject, mail.to, mail.reply_to) == (
        "青空商事の設定",
        ["tanaka@aozora.example"],
        [writer.email],
    )
    assert mail.body.startswith("田中 一郎 様\n\n設定の手順です。手順 (https://example.com/a)")
    html = mail.alternatives[0].content
    assert "<strong>設定の手順</strong>" in html and 'href="https://example.com/a"' in html
    assert '<html lang="ja">' in html
    headers = mail.message()
    assert headers["Message-ID"] == f"<message.{row.uid}@localhost>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/messages/stop/" in headers["List-Unsubscribe"]
    assert "tanaka" not in headers["List-Unsubscribe"]
    assert "banso@localhost" in headers["From"]


def test_names_are_no_markup_and_no_header(busy, customer, template, writer):
    person(customer, "<b>*Eve*</b>\nBcc: x@evil.example", language="en")
    Party.objects.filter(pk=customer.party_id).update(name="A\r\nBcc: y@evil.example")
    written(customer, template, by=writer)
    assert pass_by() == 1
    [mail] = mailed.outbox
    assert "\n" not in mail.subject and "Bcc" not in mail.message()
    assert "<b>" not in mail.alternatives[0].content
    assert "Dear <b>*Eve*</b>" in mail.body


@pytest.mark.parametrize(
    ("own", "usual", "read"), [("en", "ja", "en"), ("", "ja", "ja"), ("", "en", "en")]
)
def test_the_language_is_the_persons_else_the_workspaces(customer, more, own, usual, read):
    Workspace.objects.update(language=usual)
    person(customer, language=own)
    [row] = more()
    assert (row.language, row.title.startswith("Setting")) == (read, read == "en")


def test_where_it_is_written_in_one_language_only_that_is_sent(busy, customer, writer):
    from banso.assets.actions import Sheet
    from tests.assets.making import make

    only = make("template", Sheet({"ja": "件名"}, {"ja": "本文"}), by=writer)
    person(customer, language="en")
    [row] = written(customer, only, by=writer)
    assert row.language == "ja"


MOMENTS = {
    "2026-11-25T19:59+09:00": "2026-11-25T19:59:00+09:00",
    "2026-11-25T20:00+09:00": "2026-11-26T08:00:00+09:00",
    "2026-11-27T23:00+09:00": "2026-11-30T08:00:00+09:00",  # over a weekend
    "2026-11-20T21:00+09:00": "2026-11-24T08:00:00+09:00",  # Labour Thanksgiving on Monday
    "2026-04-28T21:00+09:00": "2026-04-30T08:00:00+09:00",  # Showa Day
    "2026-05-02T10:00+09:00": "2026-05-07T08:00:00+09:00",  # Golden Week, a substitute holiday
}


@pytest.mark.parametrize(("moment", "expected"), MOMENTS.items())
def test_it_waits_for_a_working_hour(tanaka, more, moment, expected):
    from datetime import datetime

    with at(moment):
        [row] = more()
    assert row.next_at == datetime.fromisoformat(expected)
    sent_now = moment[:16] == expected[:16]
    assert pass_by(moment) == sent_now
    assert pass_by(expected) == 1


def test_what_became_quiet_since_waits_on(row):
    Workspace.objects.update(quiet_from="09:00", quiet_until="11:00")
    assert pass_by() == 0
    assert state(row) == ("waiting", "")
    assert pass_by("2026-11-25T11:00+09:00") == 1


def test_by_hand_it_is_one_contact_for_all_written_in_one_go(
    busy, customer, tanaka, template, writer
):
    suzuki = person(customer, "鈴木", "suzuki@aozora.example")
    written(customer, template, by=writer)
    assert Contact.objects.count() == 0
    assert pass_by() == 2
    contact = Contact.objects.get()
    assert (contact.channel, contact.by, set(contact.people.all())) == (
        "mail",
        writer,
        {tanaka, suzuki},
    )
    assert contact.summary.startswith("青空商事の設定\n\n")
    assert not Showing.objects.exists()


def test_of_a_play_it_is_a_showing(busy, customer, tanaka, template):
    write(
        engagement=customer,
        version=template.current,
        readers=readers_at(customer),
        cause=Cause("step 1", Message.Why.PLAY, {"ja": "施策"}),
        by=None,
    )
    assert pass_by() == 1
    showing = Showing.objects.get()
    assert (showing.way, showing.person, showing.version) == ("play", tanaka, template.current)
    assert not Contact.objects.exists()
    assert mailed.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_written_twice_it_is_written_once(busy, customer, tanaka, template, writer):
    assert len(written(customer, template, by=writer)) == 1
    assert written(customer, template, by=writer) == []
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("email", "reason"), [("", "no_address"), ("gone@aozora.example", "bounced")]
)
def test_who_cannot_be_reached_is_held_back_with_the_reason(row, more, writer, email, reason):
    words = {"message": row, "kind": "hard", "at": row.written_at, "digest": "1"}
    Bounce.objects.create(**words, address="gone@aozora.example")
    other = person(row.engagement, "鈴木", email)
    [held] = more(to=[other])
    assert state(held) == ("held", reason)
    with pytest.raises(Refused, match=reason):
        try_again(message=held, by=writer)
    Person.objects.filter(party=other).update(email="new@aozora.example")
    try_again(message=held, by=writer)
    assert pass_by() == 2
    assert mailed.outbox[1].to == ["new@aozora.example"]


def test_a_text_with_a_gap_is_held_back_and_filled_in_later(busy, customer, tanaka, writer):
    from banso.actions.actions import NextStep, add_action, show_steps
    from banso.assets.actions import Sheet
    from banso.base.workspace import local_today
    from tests.assets.making import make

    gap = make("template", Sheet({"ja": "次"}, {"ja": "次は{次のアクション}です。"}), by=writer)
    [row] = written(customer, gap, by=writer)
    assert state(row) == ("held", "unfilled")
    step = add_action(
        engagement=customer, by=writer, step=NextStep("値引きを検討", writer, local_today())
    )
    with pytest.raises(Refused, match="unfilled"):
        try_again(message=row, by=writer)  # a step that they are not shown stays ours
    show_steps(engagement=customer, by=writer, shown={step.pk: "ours"})
    try_again(message=row, by=writer)
    assert pass_by() == 1
    assert "値引きを検討" in mailed.outbox[0].body


def test_who_left_before_it_went_out_gets_nothing(row, tanaka):
    Membership.objects.filter(person=tanaka).update(until="2026-11-01")
    assert pass_by() == 0
    assert state(row) == ("held", "left")


def test_what_was_called_off_is_not_sent(row, writer):
    drop(message=row, by=writer)
    drop(message=row, by=writer)
    assert pass_by() == 0
    with pytest.raises(Refused, match="gone"):
        try_again(message=row, by=writer)


def test_without_a_mail_server_everything_waits(row, settings, tmp_path):
    backend = {"BACKEND": "django.core.mail.backends.filebased.EmailBackend"}
    settings.MAILERS = {"default": backend | {"OPTIONS": {"file_path": str(tmp_path)}}}
    assert pass_by() == 0
    assert state(row) == ("waiting", "") and not list(tmp_path.iterdir())
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    assert pass_by() == 1


@pytest.mark.parametrize("how", ["open", (450, b"4.2.1 later")])
def test_what_surely_did_not_go_out_is_tried_again_later(row, broken, how):
    broken(how)
    assert pass_by() == 0
    broken("")
    assert pass_by("2026-11-25T10:04+09:00") == 0
    assert pass_by("2026-11-25T10:05+09:00") == 1
    assert state(row) == ("sent", "")


def test_a_server_that_does_not_answer_is_asked_once_a_look(row, broken, more):
    more()
    broken("open")
    pass_by()
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 1]
    broken("")
    assert pass_by("2026-11-25T10:05+09:00") == 2


def test_it_is_given_up_after_six_attempts_and_the_writer_is_told(row, broken, writer):
    broken("open")
    for day in range(1, 20):
        pass_by(f"2026-12-{day:02}T10:00+09:00")
    assert state(row) == ("failed", "ConnectionRefusedError")
    assert Notification.objects.get(user=writer).verb == "message.failed"
    broken("")
    try_again(message=row, by=writer)
    assert pass_by("2026-12-22T10:00+09:00") == 1


REFUSALS = {
    (550, b"5.1.1 User unknown"): ("bounced", "hard"),
    (550, b"no such user here"): ("bounced", "hard"),
    (552, b"5.2.2 Mailbox full"): ("failed", "smtp 552 5.2.2"),
    (554, b"5.7.1 Spam"): ("failed", "smtp 554 5.7.1"),
}


@pytest.mark.parametrize(("answer", "expected"), REFUSALS.items())
def test_a_refusal_for_good(row, broken, more, answer, expected):
    broken(answer)
    assert pass_by() == 0
    assert state(row) == expected
    broken("")
    [another] = more()
    assert state(another) == (("held", "bounced") if expected[1] == "hard" else ("waiting", ""))
    lift(person=row.person, engagement=row.engagement, address=row.to.upper(), by=row.by)
    if another.state == "held":
        try_again(message=another, by=row.by)
    assert pass_by("2026-11-26T10:00+09:00") == 1


@pytest.mark.parametrize("how", ["killed", "dropped"])
def test_cut_off_while_sending_a_person_decides(row, broken, writer, how):
    broken(how)
    if how == "killed":
        with pytest.raises(KeyboardInterrupt):
            pass_by()
    else:
        pass_by()
    out = len(mailed.outbox)
    broken("")
    for moment in ("25T10:10", "25T10:16", "26T10:00"):
        assert pass_by(f"2026-11-{moment}+09:00") == out
    assert state(row) == ("uncertain", "")
    told = Notification.objects.get(user=writer)
    assert (told.verb, told.subject_id) == ("message.uncertain", row.pk)
    first = mailed.outbox[0].message()["Message-ID"] if out else None
    try_again(message=row, by=writer)
    assert pass_by("2026-11-26T10:01+09:00") == out + 1
    assert mailed.outbox[-1].message()["Message-ID"] == first or not out


def test_it_arrived_says_a_person(row, broken):
    broken("dropped")
    pass_by()
    row.refresh_from_db()
    assert sent(row) == row.engagement_id
    assert state(row) == ("sent", "") and Contact.objects.count() == 1
    assert sent(row) is None and Contact.objects.count() == 1


def test_two_workers_with_the_same_message_send_it_once(row):
    with at(BUSY):
        assert deliver(row.pk) == row.engagement_id
        assert deliver(row.pk) is None
    assert len(mailed.outbox) == 1
