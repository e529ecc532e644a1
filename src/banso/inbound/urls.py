"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import NOBODY, WRITERS
from banso.base.routes import View, public, staff
from banso.inbound import views

_ITEM = "inbound/<str:uid>/"
_OWN = "inbound/connections/"


def verb(pattern: str, view: View, name: str) -> URLPattern:
    return staff(pattern, view, name, read=NOBODY, write=WRITERS)


urlpatterns: list[URLPattern] = [
    staff("inbound/", views.inbound, "inbound", read=WRITERS),
    staff(_OWN, views.connections, "connections", read=WRITERS),
    verb(f"{_OWN}calendar/", views.connect, "calendar-connect"),
    verb(f"{_OWN}calendar/end/", views.disconnect, "calendar-disconnect"),
    verb(f"{_OWN}feed/", views.make_feed, "feed-make"),
    verb(f"{_OWN}feed/end/", views.revoke_feed, "feed-revoke"),
    verb(f"{_OWN}rules/end/", views.forget_rule, "rule-forget"),
    staff(_ITEM, views.item, "inbound-item", read=WRITERS),
    verb(f"{_ITEM}assignment/", views.assign, "inbound-assign"),
    verb(f"{_ITEM}dismissal/", views.dismiss, "inbound-dismiss"),
    public("calendar/<str:secret>.ics", views.calendar_feed, "calendar-feed"),
]
