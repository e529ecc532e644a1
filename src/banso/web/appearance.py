"""The theme a reader chooses for their own eyes, kept with the user or in a cookie."""

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
    """The cookie speaks before sign-in, the user's row on every machine after it."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        raise Http404
    if request.user.is_authenticated:
        User.objects.filter(id=request.user.pk).update(theme=theme)
    answer = back(request)
    answer.set_cookie(
        THEME_COOKIE, theme, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return answer


def back(request: HttpRequest) -> HttpResponse:
    """To the page the form was on; never to another host."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(target if safe else "/")
