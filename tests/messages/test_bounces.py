"""Reports of Postfix, Exchange and Gmail, as they come into the mailbox that is read."""

import pytest

from banso.base.models import Notification
from banso.core.bounces import kind_of, read
from banso.inbound.models import Refusal
from banso.inbound.reading import Taken, take_mail
from banso.messages.models import Bounce
from tests.messages.making import pass_by, state, written

POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
To: banso@example.com
Subject: Undelivered Mail Returned to Sender
Message-Id: <20261125010203.4Fx1@mx.example.com>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4Fx.1764/mx.example.com"

This is a MIME-encapsulated message.

--4Fx.1764/mx.example.com
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.com.
<tanaka@aozora.example>: host mx.aozora.example[203.0.113.5] said: {diagnostic}

--4Fx.1764/mx.example.com
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
X-Postfix-Queue-ID: 4Fx1
X-Postfix-Sender: rfc822; banso@example.com
Arrival-Date: Wed, 25 Nov 2026 10:00:00 +0900 (JST)

Final-Recipient: rfc822; tanaka@aozora.example
Original-Recipient: rfc822;tanaka@aozora.example
Action: {action}
Status: {status}
Remote-MTA: dns; mx.aozora.example
Diagnostic-Code: smtp; {diagnostic}

--4Fx.1764/mx.example.com
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <banso@example.com>
From: =?utf-8?b?5L2Q6Jek?= <banso@example.com>
To: tanaka@aozora.example
Message-ID: <message.{uid}@localhost>
Subject: =?utf-8?b?6Kit5a6a?=

--4Fx.1764/mx.example.com--
"""
EXCHANGE = """\
From: <postmaster@aozora.onmicrosoft.com>
To: <banso@example.com>
Date: Wed, 25 Nov 2026 01:00:05 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="b3c1_TYCP01MB0001_"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: en-US
Message-ID: <b3c1@TYCP01MB0001.jpnprd01.prod.outlook.com>
In-Reply-To: <message.{uid}@localhost>
References: <message.{uid}@localhost>
Subject: =?utf-8?B?6YWN5L+h5LiN6IO9OiDoqK3lrpo=?=
Auto-Submitted: auto-replied
MIME-Version: 1.0

--b3c1_TYCP01MB0001_
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64

PGh0bWw+PGJvZHk+dGFuYWthIHdhc24ndCBmb3VuZDwvYm9keT48L2h0bWw+

--b3c1_TYCP01MB0001_
Content-Type: message/delivery-status

Reporting-MTA: dns;TYCP01MB0001.jpnprd01.prod.outlook.com
Received-From-MTA: dns;mx.example.com
Arrival-Date: Wed, 25 Nov 2026 01:00:04 +0000

Final-Recipient: rfc822;tanaka@aozora.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP
X-Display-Name: tanaka@aozora.example

--b3c1_TYCP01MB0001_
Content-Type: message/rfc822

From: banso@example.com
To: tanaka@aozora.example
Message-ID: <message.{uid}@localhost>
Content-Type: text/plain

body

--b3c1_TYCP01MB0001_--
"""
GMAIL = """\
Delivered-To: banso@example.com
From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
To: banso@example.com
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
References: <message.{uid}@localhost>
In-Reply-To: <message.{uid}@localhost>
X-Failed-Recipients: tanaka@aozora.example
Message-ID: <6565.1700.gmr@google.com>
Date: Tue, 24 Nov 2026 17:00:05 -0800 (PST)
MIME-Version: 1.0
Content-Type: multipart/report; boundary="000000000000a1b2"; report-type=delivery-status

--000000000000a1b2
Content-Type: multipart/related; boundary="000000000000c3d4"

--000000000000c3d4
Content-Type: multipart/alternative; boundary="000000000000e5f6"

--000000000000e5f6
Content-Type: text/plain; charset="UTF-8"

** Address not found **

--000000000000e5f6--

--000000000000c3d4--

--000000000000a1b2
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.com
Received-From-MTA: dns; banso@example.com
Arrival-Date: Tue, 24 Nov 2026 17:00:04 -0800 (PST)
X-Original-Message-ID: <message.{uid}@localhost>

Final-Recipient: rfc822; tanaka@aozora.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; gmail-smtp-in.l.google.com. (2404:6800::1a)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist.
Last-Attempt-Date: Tue, 24 Nov 2026 17:00:05 -0800 (PST)

--000000000000a1b2
Content-Type: message/rfc822

From: banso@example.com
To: tanaka@aozora.example

body

--000000000000a1b2--
"""
UNKNOWN = {"action": "failed", "status": "5.1.1", "diagnostic": "550 5.1.1 User unknown"}
FULL = {"action": "failed", "status": "5.2.2", "diagnostic": "552 5.2.2 Mailbox full"}
LATER = {"action": "delayed", "status": "4.4.1", "diagnostic": "connection timed out"}
VAGUE = {"action": "failed", "status": "5.0.0", "diagnostic": "550 Unknown user tanaka"}
SPAM = {"action": "failed", "status": "5.0.0", "diagnostic": "554 5.7.1 Spam detected"}


def report(row, shape=POSTFIX, **words) -> bytes:
    text = shape.format(uid=row.uid, **(UNKNOWN | words))
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def row(busy, customer, tanaka, template, writer):
    found = written(customer, template, by=writer)[0]
    pass_by()
    return found


@pytest.mark.parametrize("shape", [POSTFIX, EXCHANGE, GMAIL])
def test_an_address_that_is_none_bars_it(row, more, writer, shape):
    assert take_mail(report(row, shape)) == Taken.DONE
    assert state(row) == ("bounced", "hard")
    found = Bounce.objects.get()
    assert (found.message, found.kind, found.address) == (row, "hard", "tanaka@aozora.example")
    assert found.status in ("5.1.1", "5.1.10")
    [another] = more()
    assert state(another) == ("held", "bounced")
    assert Notification.objects.get(user=writer).verb == "message.bounced"
    assert not Refusal.objects.exists()


KINDS = [
    (UNKNOWN, "hard", "bounced"),
    (VAGUE, "hard", "bounced"),
    (FULL, "soft", "bounced"),
    (SPAM, "soft", "bounced"),
    (LATER, "delayed", "sent"),
]


@pytest.mark.parametrize(("words", "kind", "left"), KINDS)
def test_what_a_report_says(row, more, words, kind, left):
    take_mail(report(row, **words))
    assert (Bounce.objects.get().kind, state(row)[0]) == (kind, left)
    [another] = more()
    assert (another.state == "held") == (kind == "hard")


def test_the_same_report_counts_once(row, writer):
    for _ in range(2):
        assert take_mail(report(row)) == Taken.DONE
    assert Bounce.objects.count() == 1
    assert Notification.objects.filter(user=writer).count() == 1


def test_what_comes_late_after_a_soft_one_counts_on_its_own(row):
    take_mail(report(row, **LATER))
    take_mail(report(row, **FULL))
    assert sorted(Bounce.objects.values_list("kind", flat=True)) == ["delayed", "soft"]


def test_other_mail_is_none_of_ours(row):
    row.uid = "zzzzzzzzzzzzzzzz"
    assert take_mail(report(row)) == Taken.REFUSED
    reply = f"From: x@aozora.example\r\nIn-Reply-To: <message.{row.uid}@localhost>\r\n\r\nhi"
    assert take_mail(reply.encode()) == Taken.REFUSED
    assert not Bounce.objects.exists()


BROKEN = [
    b"",
    b"\xff\x00",
    b"Content-Type: message/delivery-status\r\n\r\n\xff\xfe: \r\n\r\nAction:",
]


@pytest.mark.parametrize(
    "raw", [*BROKEN, *(report(type("R", (), {"uid": "x"}))[:n] for n in (400, 900, 1500))]
)
def test_a_broken_report_breaks_nothing(raw):
    read(raw)


def test_the_code_decides_only_where_the_status_says_nothing():
    assert [kind_of("", "550"), kind_of("5.7.1", "550"), kind_of("5.1.1", "")] == [
        "hard",
        "soft",
        "hard",
    ]
