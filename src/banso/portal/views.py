"""The pages of the other side: the plan, its code, their answer."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import timezone

from banso.assets.access import FOR_THEM, help_pages
from banso.base.messages import send
from banso.engagements.after import announce
from banso.goals import sharing
from banso.goals.answering import answering_step
from banso.goals.models import Reply
from banso.goals.sharing import Refused
from banso.portal.door import Visitor, remember, respond, through_the_door
from banso.portal.forms import ReplyForm
from banso.portal.pages import AnswerForm, Said, SharePage, code_page, content_of_link, sheet

READING = ("GET", "HEAD")


@through_the_door
def shared_plan(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The plan, or the door to it. Opening it changes nothing that matters: programs that look
    into mail open links too."""
    if request.method not in READING:
        return HttpResponseNotAllowed(READING)
    if not visitor.confirmed:
        return door(visitor)
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        sharing.note_opening(link=visitor.link)
    return respond(page_of(visitor))


@through_the_door
def code(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Send a code to the link's address, or open the page with the one typed."""
    if request.method != "POST" or visitor.confirmed:
        return redirect(visitor.url("shared-plan"))
    typed = request.POST.get("code")
    try:
        if typed is None:
            send_code(visitor)
            return redirect(visitor.url("shared-plan"))
        used = sharing.use_code(link=visitor.link, code=digits(typed))
    except Refused as refused:
        return door(visitor, refused.code)
    return remember(redirect(visitor.url("shared-plan")), visitor, used)


def digits(typed: str) -> str:
    """What was typed without the spaces and full-width forms of a copied code."""
    return "".join(str(int(each)) for each in typed[:40] if each.isdecimal())


def send_code(visitor: Visitor) -> None:
    link = visitor.link
    fresh = sharing.new_code(link=link)
    send("code", room="portal", to=link.email, language=link.language, code=fresh)


def door(visitor: Visitor, problem: str = "") -> HttpResponse:
    sent = sharing.code_waits(visitor.link)
    url = visitor.url("shared-plan-code")
    page = code_page(visitor.link, url, sent=sent, problem=problem)
    return respond(page, 422 if problem else 200)


@through_the_door
def answer(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Yes, this is it; or not quite, in their own words."""
    if request.method != "POST" or not visitor.confirmed:
        return redirect(visitor.url("shared-plan"))
    form = ReplyForm(request.POST, asked=asks_name(visitor), name=visitor.link.name)
    if not form.is_valid() or form.problem():
        return respond(page_of(visitor, form), 422)
    try:
        take(visitor, form)
    except Refused as refused:
        form.refused = refused.code
        return respond(page_of(visitor, form), 422)
    return redirect(visitor.url("shared-plan"))


def take(visitor: Visitor, form: ReplyForm) -> Reply:
    link, engagement = visitor.link, visitor.link.version.goal.engagement
    assert engagement is not None
    if form.cleaned_data["answer"] == "yes":
        return sharing.say_yes(link=link, name=form.cleaned_data["name"])
    step = answering_step(link, form.cleaned_data["name"])
    words = form.cleaned_data["words"]
    reply = sharing.say_not_quite(link=link, name=form.cleaned_data["name"], words=words, step=step)
    announce([engagement.pk])
    return reply


def asks_name(visitor: Visitor) -> bool:
    return not visitor.link.code_required


def page_of(visitor: Visitor, form: ReplyForm | None = None) -> SharePage:
    """The plan with what they answered so far, and the way to answer."""
    link = visitor.link
    page = replace(
        sheet(
            content_of_link(link),
            number=link.version.number,
            to=link.name,
            expires_on=timezone.localdate(link.expires_at),
        ),
        help_url=visitor.url("shared-help") if help_pages(FOR_THEM).exists() else "",
    )
    replies = list(link.replies.order_by("at", "id"))
    said = [Said(each.words, each.at) for each in replies if not each.agreed]
    yes = next((each for each in replies if each.agreed), None)
    if yes is not None:
        on = timezone.localdate(yes.at)
        return replace(page, mood="agreed", agreed_by=yes.name, agreed_on=on, said=said)
    return replace(
        page, mood="not_quite" if said else "open", said=said, form=answer_form(visitor, form)
    )


def answer_form(visitor: Visitor, form: ReplyForm | None) -> AnswerForm:
    blank = AnswerForm(
        url=visitor.url("shared-plan-answer"),
        asks_name=asks_name(visitor),
        name=visitor.link.name,
    )
    if form is None:
        return blank
    typed = form.data
    return replace(
        blank, name=typed.get("name", ""), words=typed.get("words", ""), problem=form.problem()
    )
