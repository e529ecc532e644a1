"""Mail to staff, in the language of whoever reads it."""

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from banso.base.models import Workspace


def send(template: str, *, to: str, language: str, **words: object) -> None:
    """Send base/mail/<template>.txt; its first line is the subject."""
    told = {name: one_line(str(word)) for name, word in words.items()}
    told["company"] = one_line(Workspace.objects.get(id=1).name)
    with translation.override(language):
        text = render_to_string(f"base/mail/{template}.txt", told)
    subject, _, body = text.strip().partition("\n")
    send_mail(subject.strip(), body.strip() + "\n", None, [to])


def one_line(text: str) -> str:
    """Names become a header of the mail: a line break in one must not begin another."""
    return " ".join(text.split())
