"""Language and theme: what a reader chooses for their own eyes, kept with the user or a cookie."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from banso.base.models import User

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "banso_theme"
YEAR = 365 * 24 * 60 * 60


def chosen_theme(request: HttpRequest) -> str:
    """The signed-in user's theme, else the cookie's, else what the system says."""
    user = getattr(request, "user", None)
    kept = user.theme if isinstance(user, User) else request.COOKIES.get(THEME_COOKIE)
    return kept if kept in THEMES else THEMES[0]


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        raise Http404
    return keep(request, THEME_COOKIE, theme=theme)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return keep(request, settings.LANGUAGE_COOKIE_NAME, language=language)


def keep(request: HttpRequest, cookie: str, **choice: str) -> HttpResponse:
    """The cookie speaks before sign-in, the user's row on every machine after it."""
    if request.user.is_authenticated:
        User.objects.filter(id=request.user.pk).update(**choice)
    answer = back(request)
    (value,) = choice.values()
    answer.set_cookie(
        cookie, value, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return answer


def back(request: HttpRequest) -> HttpResponse:
    """To the page the form was on; never to another host."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(target if safe else "/")
