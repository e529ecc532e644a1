"""The mail of a message: plain text and simple HTML, with a way to want no more of them."""

from dataclasses import dataclass
from email.utils import formataddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from banso.base.messages import one_line
from banso.base.workspace import workspace
from banso.core.letter import as_text
from banso.core.markdown import rendered
from banso.messages.models import Message
from banso.messages.opt_outs import stop_address

IDENTITY = "message."
"""Before the uid in the message id, by which bounces are known."""


@dataclass(frozen=True)
class Sheet:
    """What the mail says around and within."""

    title: str
    text: str
    html: SafeString
    company: str
    stop: str


def sheet_of(row: Message) -> Sheet:
    return Sheet(
        title=row.title,
        text=as_text(row.body),
        html=html_of(row.body),
        company=workspace().name,
        stop=settings.SITE_URL + stop_address(row),
    )


def html_of(body: str) -> SafeString:
    return mark_safe(rendered(body, {}))


def composed(row: Message) -> EmailMultiAlternatives:
    """The same each time it is made: its message id too."""
    sheet = sheet_of(row)
    with translation.override(row.language):
        text = render_to_string("messages/mail/letter.txt", {"sheet": sheet})
        html = render_to_string("messages/mail/letter.html", {"sheet": sheet})
    writer = row.by or row.engagement.owner
    mail = EmailMultiAlternatives(
        one_line(row.title),
        text.strip() + "\n",
        from_email=settings.MAIL_ADDRESS or sender_address(),  # where reports of bounces go
        to=[row.to],
        reply_to=[writer.email] if writer else None,
        headers={
            "From": formataddr((sender_name(writer.name if writer else ""), sender_address())),
            "Message-ID": message_id(row),
            "List-Unsubscribe": f"<{sheet.stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    if row.why == Message.Why.PLAY:
        mail.extra_headers["Auto-Submitted"] = "auto-generated"
    mail.attach_alternative(html, "text/html")
    return mail


def sender_name(name: str) -> str:
    return one_line(f"{name} ({workspace().name})" if name else workspace().name)


def sender_address() -> str:
    return str(settings.DEFAULT_FROM_EMAIL)


def message_id(row: Message) -> str:
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    return f"<{IDENTITY}{row.uid}@{host}>"
