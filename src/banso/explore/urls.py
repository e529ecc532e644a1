"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import MANAGERS, NOBODY, WRITERS
from banso.base.routes import staff
from banso.explore import dictionary_views, views

urlpatterns: list[URLPattern] = [
    staff("explore/", views.explore, "explore"),
    staff("explore/export/", views.export, "explore-export"),
    staff("events/", dictionary_views.events, "events"),
    staff("events/<str:uid>/", dictionary_views.event, "event", write=WRITERS),
    staff(
        "events/<str:uid>/properties/",
        dictionary_views.describe,
        "event-property",
        read=NOBODY,
        write=WRITERS,
    ),
    staff(
        "events/<str:uid>/hidden/",
        dictionary_views.hide,
        "event-hide",
        read=NOBODY,
        write=MANAGERS,
    ),
]
