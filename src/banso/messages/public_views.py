"""The page behind the link of each message by which one wants no more of them."""

from django.conf import settings
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
    sign-in, shows nobody's name, and speaks the message's language unless another was chosen."""
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
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    with translation.override(chosen if chosen in LANGUAGES else message.language):
        words = {"stopped": opt_outs.stopped(message)}
        return render(request, "messages/stop.html", words)
