"""Answers of the pages about messages: access, form, action, response."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from banso.assets.models import Asset
from banso.base.routes import StaffRequest
from banso.engagements.access import engagement_or_404
from banso.engagements.models import Engagement
from banso.messages import access, actions, opt_outs, outbox
from banso.messages.forms import MessageForm
from banso.messages.models import Message, OptOut
from banso.messages.pages.compose import compose_page
from banso.messages.pages.customer import barred_at, customer_messages
from banso.messages.pages.customer import state_of as customer_state
from banso.messages.pages.listing import messages_page, state_of
from banso.messages.pages.message import message_page
from banso.messages.people import Reader, main_readers, readers_at
from banso.messages.times import mail_is_set_up
from banso.messages.wording import refusal
from banso.parties.models import Party


def listed(request: StaffRequest) -> HttpResponse:
    page = messages_page(request.user, request.role, state_of(request.GET))
    return render(request, "messages/messages.html", {"page": page})


def message(request: StaffRequest, uid: str) -> HttpResponse:
    """One message; POST drops it, tries again, or says whether it arrived."""
    if request.method != "POST":
        row = access.message_or_404(request.user, uid)
        page = message_page(row, request.user, request.role)
        return render(request, "messages/message.html", {"page": page})
    row = access.own_message(request.user, request.role, uid)
    try:
        done(request, row)
    except actions.Refused as refused:
        messages.error(request, refusal(refused.code))
    return redirect("message", uid=uid)


def done(request: StaffRequest, row: Message) -> None:
    if "drop" in request.POST:
        actions.drop(message=row, by=request.user)
        messages.success(request, _("It is not sent."))
    elif "again" in request.POST:
        actions.try_again(message=row, by=request.user)
        messages.success(request, _("It goes out as soon as it may."))
    elif "arrived" in request.POST and row.state == Message.State.UNCERTAIN:
        outbox.sent(row)
        messages.success(request, _("Noted."))


def of_customer(request: StaffRequest, uid: str) -> HttpResponse:
    """Their messages and people; for htmx with ?barred= who of them is not written to."""
    engagement = engagement_or_404(request.user, uid)
    if request.htmx and "barred" in request.GET:
        return render(request, "messages/_barred.html", {"barred": barred_at(engagement)})
    state = customer_state(request.GET, engagement)
    page = customer_messages(engagement, request.user, request.role, state)
    return render(request, "messages/customer.html", {"page": page})


def write(request: StaffRequest, uid: str) -> HttpResponse:
    """Write to people of a customer from ?template=; POST shows how one gets it, or sends."""
    engagement = access.own_engagement(request.user, request.role, uid)
    words = request.POST if request.method == "POST" else request.GET
    template = template_of(request, words.get("template", ""))
    readers = readers_at(engagement)
    form = form_for(request, engagement, template, readers) if template else None
    if form is not None and "send" in request.POST and form.is_valid():
        return send(request, engagement, form, template)
    page = compose_page(
        engagement,
        request.user,
        template=template,
        readers=readers,
        form=form,
        shown=words.get("show", ""),
    )
    status = 422 if "send" in request.POST else 200
    return render(request, "messages/write.html", {"page": page}, status=status)


def template_of(request: StaffRequest, uid: str) -> Asset | None:
    """The template asked for, else the latest; Http404 for one that may not be sent."""
    rows = access.templates(request.user)
    if not uid:
        return rows.first()
    found = rows.filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def form_for(
    request: StaffRequest, engagement: Engagement, template: Asset, readers: Sequence[Reader]
) -> MessageForm | None:
    assert template.current is not None
    asked = request.GET.get("person", "")
    named = [each for each in readers if each.at.uid == asked]
    usual = named or main_readers(engagement, readers)
    return MessageForm(
        request.POST if request.method == "POST" else None,
        version=template.current,
        engagement=engagement,
        readers=readers,
        chosen=[each.at.uid for each in usual if not each.barred],
    )


def send(
    request: StaffRequest, engagement: Engagement, form: MessageForm, template: Asset | None
) -> HttpResponse:
    assert template is not None and template.current is not None
    rows = actions.write(
        engagement=engagement,
        version=template.current,
        readers=form.chosen_readers(),
        cause=form.cause(),
        by=request.user,
        words=form.typed_words(),
    )
    outbox.due_messages()
    n = len(rows)
    if mail_is_set_up():
        text = ngettext("%(n)s message goes out.", "%(n)s messages go out.", n)
    else:
        text = ngettext("%(n)s message waits.", "%(n)s messages wait.", n)
    messages.success(request, text % {"n": n})
    return redirect("customer-messages", uid=engagement.uid)


def person(request: StaffRequest, uid: str, person: str) -> HttpResponse:
    """They told us that they want no messages, or want them again; their address works again."""
    engagement = access.own_engagement(request.user, request.role, uid)
    reader = access.reader_or_404(engagement, person)
    who, by = Party.objects.get(pk=reader.at.person_id), request.user
    done = False
    if "stop" in request.POST:
        told = OptOut.Way.TOLD
        done = opt_outs.stop(
            person=who, engagement=engagement, way=told, address=reader.address, by=by
        )
    elif "allow" in request.POST:
        done = opt_outs.allow(person=who, engagement=engagement, by=by)
    elif "lift" in request.POST:
        done = opt_outs.lift(person=who, engagement=engagement, address=reader.address, by=by)
    if done:
        messages.success(request, _("Noted."))
    return redirect("customer-messages", uid=uid)
