"""The page behind the link of each message by which one wants no more of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from banso.assets.actions import LANGUAGES
from banso.messages import opt_outs
from banso.messages.models import OptOut


@csrf_exempt
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """One click in the mail program (RFC 8058), or the button of this page. It asks for no
    sign-in, shows nobody's name, and is read in the message's language or ?in=."""
    message = opt_outs.message_of(secret)
    if message is None:
        raise Http404
    if request.method == "POST":
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        opt_outs.stop(
            person=message.person,
            engagement=message.engagement,
            way=OptOut.Way.ONE_CLICK if one_click else OptOut.Way.LINK,
            address=message.to,
            message=message,
        )
    asked = request.GET.get("in", "")
    spoken = asked if asked in LANGUAGES else message.language
    with translation.override(spoken):
        words = {"stopped": opt_outs.stopped(message), "spoken": spoken}
        return render(request, "messages/stop.html", words)
