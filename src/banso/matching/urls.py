"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import MANAGERS, NOBODY, WRITERS
from banso.base.routes import staff
from banso.matching import unknown_views, views

_ONE = "matches/<str:uid>/"

urlpatterns: list[URLPattern] = [
    staff("matches/", views.queue, "matches", read=WRITERS),
    staff("matches/undoing/", views.undo_last, "match-undo", read=NOBODY, write=WRITERS),
    staff("matches/alike/", views.alike, "matches-alike", read=WRITERS, write=WRITERS),
    staff("unknown/", unknown_views.unknown, "unknown", read=MANAGERS),
    staff("unknown/undoing/", unknown_views.undo, "unknown-undo", read=NOBODY, write=MANAGERS),
    staff(
        "unknown/<str:uid>/", unknown_views.decide, "unknown-decide", read=NOBODY, write=MANAGERS
    ),
    staff("merges/", views.merges, "merges"),
    staff("merges/<str:uid>/undoing/", views.undo, "merge-undo", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}merging/", views.merge, "match-merge", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}rejection/", views.reject, "match-reject", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}postponing/", views.postpone, "match-postpone", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}reopening/", views.reconsider, "match-reopen", read=NOBODY, write=WRITERS),
    staff(
        "customers/<str:uid>/merging/",
        views.partner,
        "merge-with",
        read=WRITERS,
        write=WRITERS,
    ),
]
