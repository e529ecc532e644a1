"""The addresses of this room."""

from allauth.account import views as account
from django.urls import URLPattern, register_converter
from django.urls.converters import StringConverter

from banso.base import notice_views, teams, views
from banso.base.roles import ADMINS, MANAGERS, NOBODY, READERS
from banso.base.routes import public, staff


class Base36(StringConverter):
    """allauth joins user and key by a hyphen; only the key holds more of them."""

    regex = "[0-9A-Za-z]+"


register_converter(Base36, "base36")

urlpatterns: list[URLPattern] = [
    public("", views.home, "home"),
    public("health/", views.health, "health"),
    public("set-up/", views.set_up, "set-up"),
    public("invitation/<str:secret>/", views.invitation, "invitation"),
    public("sign-in/", account.login, "account_login"),
    public("sign-out/", account.logout, "account_logout"),
    public("password/forgotten/", account.password_reset, "account_reset_password"),
    public("password/sent/", account.password_reset_done, "account_reset_password_done"),
    public(
        "password/new/<base36:uidb36>-<str:key>/",
        account.password_reset_from_key,
        "account_reset_password_from_key",
    ),
    public(
        "password/done/",
        account.password_reset_from_key_done,
        "account_reset_password_from_key_done",
    ),
    staff("staff/", views.staff, "staff", read=MANAGERS),
    staff("staff/invitations/", views.invite, "invite", read=NOBODY, write=ADMINS),
    staff(
        "staff/invitations/<str:uid>/withdrawal/",
        views.withdraw,
        "withdraw-invitation",
        read=NOBODY,
        write=ADMINS,
    ),
    staff("staff/<str:uid>/", views.grant, "grant", read=ADMINS, write=ADMINS),
    staff("teams/", teams.teams, "teams", read=MANAGERS, write=ADMINS),
    staff("teams/<str:uid>/", teams.team, "team", read=NOBODY, write=ADMINS),
    staff("teams/members/<str:uid>/", teams.move, "team-move", read=NOBODY, write=ADMINS),
    staff("settings/", views.workspace_settings, "settings", read=ADMINS, write=ADMINS),
    staff("settings/words/", views.word_list, "words", read=ADMINS, write=ADMINS),
    staff("profile/", views.profile, "profile", write=READERS),
    staff("notifications/", notice_views.listed, "notifications"),
    staff(
        "notifications/read/",
        notice_views.read_all,
        "notifications-read",
        read=NOBODY,
        write=READERS,
    ),
    staff("notifications/choices/", notice_views.choices, "notification-choices", write=READERS),
    staff("notifications/digest/", notice_views.preview, "notification-digest"),
    public("notifications/stop/<str:secret>/", notice_views.unsubscribe, "unsubscribe"),
    staff(
        "notifications/unmute/",
        notice_views.unmute,
        "notification-unmute",
        read=NOBODY,
        write=READERS,
    ),
    staff(
        "notifications/<str:uid>/read/",
        notice_views.read,
        "notification-read",
        read=NOBODY,
        write=READERS,
    ),
    staff(
        "notifications/<str:uid>/mute/",
        notice_views.mute,
        "notification-mute",
        read=NOBODY,
        write=READERS,
    ),
]
