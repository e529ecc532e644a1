"""Mail, in the language of whoever reads it."""

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from banso.base.models import Workspace
from banso.base.workspace import held


def send(template: str, *, to: str, language: str, room: str = "base", **words: object) -> None:
    """Send <room>/mail/<template>.txt; its first line is the subject."""
    place = Workspace.objects.get(id=1)
    told = {name: one_line(str(word)) for name, word in words.items()}
    told["company"] = one_line(place.name)
    with held(place), translation.override(language):
        text = render_to_string(f"{room}/mail/{template}.txt", told)
    subject, _, body = text.strip().partition("\n")
    send_mail(subject.strip(), body.strip() + "\n", None, [to])


def one_line(text: str) -> str:
    """Names become a header of the mail: a line break in one must not begin another."""
    return " ".join(text.split())
