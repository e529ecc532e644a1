"""Mail in blind copy."""

import io
import sys
from email.message import EmailMessage
from types import SimpleNamespace

import pytest

from banso.actions.models import Contact
from banso.cli.commands import mail as command
from banso.core.quotes import own_words
from banso.inbound import mail, mailbox
from banso.inbound.models import Item, Refusal
from banso.inbound.reading import Taken, take_mail


def letter(
    text="来週の件、承知しました。",
    *,
    sender="佐藤 <staff1@example.com>",
    to="高橋 純 <jun@aozora.example>",
    subject="来週の件",
    **headers,
):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = headers.pop("id", "<1@example.com>")
    message["Date"] = "Fri, 20 Nov 2026 10:00:00 +0900"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


@pytest.fixture
def aozora(customer):
    return customer(people={"jun@aozora.example": "高橋 純"})


def test_a_mail_becomes_a_contact_of_whose_people_are_in_to_and_cc(aozora, customer, sato):
    mori = customer("森商店", people={"ai@mori.example": "森 あい"})
    raw = letter(Cc="森 <ai@mori.example>, 同僚 <colleague@example.com>").as_bytes()
    assert take_mail(raw) == Taken.DONE
    contacts = Contact.objects.order_by("engagement")
    assert [each.engagement for each in contacts] == [aozora, mori]
    assert {(each.channel, each.by) for each in contacts} == {("mail", sato)}
    assert contacts[0].summary == "来週の件\n\n来週の件、承知しました。"
    assert contacts[0].occurred_at.isoformat() == "2026-11-20T01:00:00+00:00"


def test_a_message_counts_once(aozora):
    raw = letter().as_bytes()
    take_mail(raw)
    take_mail(raw)
    assert Contact.objects.count() == 1


def test_a_stranger_is_not_taken_and_nothing_of_it_kept(aozora):
    assert take_mail(letter(sender="x@evil.example").as_bytes()) == Taken.REFUSED
    assert not Item.objects.exists()
    assert Refusal.objects.get().reason == "unknown_sender"


RESULTS = {
    "mx.example.com; dmarc=pass header.from=example.com": True,
    "mx.example.com; dkim=pass header.d=example.com": True,
    "mx.example.com; dkim=pass header.i=@mail.example.com": True,
    "mx.example.com 1; spf=pass smtp.mailfrom=staff1@example.com": True,
    "mx.example.com; dkim=pass header.d=evil.example": False,
    "mx.example.com; dkim=pass header.d=notexample.com": False,
    "mx.example.com; spf=fail smtp.mailfrom=staff1@example.com": False,
    "mx.evil.example; dmarc=pass": False,
    "": False,
}


@pytest.mark.parametrize(("results", "vouched"), RESULTS.items())
def test_only_what_our_own_server_vouches_for_is_taken(aozora, settings, results, vouched):
    settings.MAIL_AUTHSERV = "mx.example.com"
    headers = {"Authentication_Results": results} if results else {}
    taken = take_mail(letter(**headers).as_bytes())
    assert (taken == Taken.DONE) == vouched
    assert Contact.objects.exists() == vouched


def test_the_first_results_count_whatever_the_mail_brought_along(aozora, settings):
    settings.MAIL_AUTHSERV = "mx.example.com"
    message = letter(Authentication_Results="mx.example.com; dmarc=fail")
    message["Authentication-Results"] = "mx.example.com; dmarc=pass"
    assert take_mail(message.as_bytes()) == Taken.REFUSED


def test_attachments_are_noted_by_name_only(aozora):
    message = letter()
    message.add_attachment(
        b"secret bytes", maintype="application", subtype="pdf", filename="見積.pdf"
    )
    take_mail(message.as_bytes())
    assert Contact.objects.get().summary.endswith("[見積.pdf]")
    assert "secret" not in str(list(Item.objects.values()))


def test_what_matches_nobody_waits(sato):
    take_mail(letter(to="who@unknown.example").as_bytes())
    item = Item.objects.get()
    assert (item.state, item.user, item.people) == (
        "waiting",
        sato,
        [{"name": "", "email": "who@unknown.example"}],
    )


JAPANESE = "来週①の件、髙橋様。"
HEAD = b"From: staff1@example.com\r\n"
CORPUS = [
    (b"", Taken.KEPT),
    (b"\x00\xff\xfe", Taken.KEPT),
    (b"Subject: no sender\r\n\r\ntext", Taken.KEPT),
    (b"From: \r\n\r\n", Taken.KEPT),
    (b"From: staff1@example.com\r\n\r\n", Taken.DONE),
    (b"From: staff1@example.com\r\nDate: never\r\nTo: a@b@c, <>, x\r\n\r\ntext", Taken.DONE),
    (b"From: staff1@example.com\r\nSubject: =?utf-8?B?%%%?=\r\n\r\ntext", Taken.DONE),
    (b"From: staff1@example.com\r\nSubject: =?nonsense?Q?x?=\r\n\r\ntext", Taken.DONE),
    (HEAD + b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xe3\x81\x82", Taken.DONE),
    (b"From: staff1@example.com\r\nContent-Type: multipart/mixed\r\n\r\n--x\r\n", Taken.DONE),
    (HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x", Taken.DONE),
    (b"From: staff1@example.com\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!", Taken.DONE),
    (b"From: staff1@example.com\r\nTo: " + b"a@b.example, " * 3000 + b"\r\n\r\ntext", Taken.DONE),
    (letter("x" * 200_000).as_bytes(), Taken.DONE),
    (b"From: staff1@example.com\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n"
     + JAPANESE.replace("①", "").replace("髙", "高").encode("iso2022_jp"), Taken.DONE),
    (b"From: staff1@example.com\r\nContent-Type: text/plain; charset=shift_jis\r\n\r\n"
     + JAPANESE.encode("cp932"), Taken.DONE),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "taken"), CORPUS)
def test_whatever_a_mail_looks_like_it_is_taken_or_put_aside(sato, settings, raw, taken):
    assert take_mail(raw) == taken
    aside = list((settings.HOME / "mail-aside").glob("*"))
    assert len(aside) == (taken == Taken.KEPT)
    assert Item.objects.count() == (taken == Taken.DONE)


@pytest.mark.parametrize("charset", ["iso-2022-jp", "shift_jis", "euc-jp", "utf-8"])
def test_japanese_comes_through_in_each_charset(charset):
    head = f"From: a@b.example\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
    found = mail.read(head.encode() + "承知しました。よろしくお願いします。".encode(charset))
    assert found.text == "承知しました。よろしくお願いします。"


def test_a_very_large_mail_is_read_from_its_beginning(monkeypatch):
    monkeypatch.setattr(mail, "LARGEST", 1000)
    monkeypatch.setattr(mail, "HEAD", 600)
    found = mail.read(letter("初めの一行。\n" + "x" * 5000).as_bytes())
    assert found.sender.email == "staff1@example.com"
    assert found.title == "来週の件"


def test_html_alone_gives_its_words():
    message = letter()
    message.set_content(
        "<html><head><style>p{}</style></head><body><p>承知しました。</p>"
        "<script>evil()</script><blockquote>前のメール</blockquote></body></html>",
        subtype="html",
    )
    assert mail.read(message.as_bytes()).text == "承知しました。"


HISTORIES = [
    "On Fri, Nov 20, 2026 at 10:00 AM Jun Takahashi <jun@aozora.example> wrote:\n> before",
    "On Fri, Nov 20, 2026 at 10:00 AM Jun Takahashi\n<jun@aozora.example> wrote:\n> before",
    "2026年11月20日(金) 10:00 高橋 純 <jun@aozora.example>:\n> 前のメール",
    "2026/11/20 10:00、高橋 純 <jun@aozora.example> のメール:\n> 前のメール",
    "-----Original Message-----\nFrom: Jun\nbefore",
    "----- 元のメッセージ -----\n前のメール",
    "________________________________\nFrom: Jun\nSent: Friday\nbefore",
    "差出人: 高橋 純 <jun@aozora.example>\n送信日時: 2026年11月20日 10:00\n宛先: 佐藤\n前のメール",
    "From: Jun <jun@aozora.example>\nDate: Friday\nTo: Sato\nbefore",
    "> quoted\n> lines",
    "-- \nSato\nExample Inc.",
    "━━━━━━━━━━━━━━━━\n佐藤 花子\n株式会社例",
]


@pytest.mark.parametrize("history", HISTORIES)
def test_the_history_and_the_signature_are_cut(history):
    assert own_words(f"承知しました。\n\n{history}\n") == "承知しました。"


@pytest.mark.parametrize(
    "text",
    [
        "2026年11月20日に伺います。",
        "From: 東京 から大阪へ\n移動します。",
        "On Friday we met.\nIt went well.",
        "箇条書き:\n- 一つ\n- 二つ",
    ],
)
def test_what_only_looks_like_history_stays(text):
    assert own_words(text) == text


def test_a_text_of_nothing_but_history_stays_whole():
    forwarded = "---------- Forwarded message ---------\nFrom: Jun\nthe words"
    assert "the words" in own_words(forwarded)


def test_the_command_takes_a_mail_from_a_pipe(aozora, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(letter().as_bytes())))
    monkeypatch.setattr("banso.cli.prepare.prepare", lambda: None)
    assert command.run(None) == 0
    assert capsys.readouterr().out.strip() == "done"
    assert Contact.objects.count() == 1


def test_the_command_lets_the_server_try_again_when_nothing_can_be_stored(monkeypatch):
    def broken(raw):
        raise OSError

    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"x")))
    monkeypatch.setattr("banso.cli.prepare.prepare", lambda: None)
    monkeypatch.setattr("banso.inbound.reading.take_mail", broken)
    assert command.run(None) == command.TRY_LATER


class Box:
    """A mailbox of two letters, as imaplib shows it."""

    def __init__(self, letters):
        self.letters, self.read = letters, []

    def uid(self, verb, *words):
        if verb == "SEARCH":
            left = [n for n in self.letters if n not in self.read]
            return "OK", [b" ".join(left)]
        number = words[0].encode()
        if verb == "STORE":
            self.read.append(number)
            return "OK", [None]
        return "OK", [(b"head", self.letters[number]), b")"]


def test_the_mailbox_is_read_once_and_a_letter_that_breaks_us_stops_no_other(
    aozora, monkeypatch, settings
):
    box = Box({b"7": letter(id="<7@x>").as_bytes(), b"8": letter(id="<8@x>").as_bytes()})
    taken = []

    def take(raw):
        if b"<7@x>" in raw:
            raise RuntimeError
        taken.append(take_mail(raw))

    monkeypatch.setattr(mailbox, "take_mail", take)
    assert sum(mailbox.take_one(box, number) for number in mailbox.unread(box)) == 2
    assert taken == [Taken.DONE]
    assert len(list((settings.HOME / "mail-aside").glob("*.eml"))) == 1
    assert mailbox.unread(box) == []
