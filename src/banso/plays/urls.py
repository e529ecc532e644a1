"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import MANAGERS, NOBODY, WRITERS
from banso.base.routes import staff
from banso.plays import barrier_views, suggestion_views, trial_views, views

urlpatterns: list[URLPattern] = [
    staff("barriers/", barrier_views.barriers, "barriers"),
    staff("barriers/kinds/", barrier_views.kinds, "barrier-kinds", write=MANAGERS),
    staff(
        "barriers/kinds/<str:uid>/",
        barrier_views.kind,
        "barrier-kind",
        read=MANAGERS,
        write=MANAGERS,
    ),
    staff(
        "barriers/<str:uid>/lower/",
        barrier_views.lower,
        "barrier-lower",
        read=NOBODY,
        write=WRITERS,
    ),
    staff(
        "customers/<str:uid>/barriers/",
        barrier_views.note,
        "barrier-note",
        read=WRITERS,
        write=WRITERS,
    ),
    staff(
        "customers/<str:uid>/plays/", suggestion_views.of_customer, "customer-plays", write=WRITERS
    ),
    staff("plays/", views.plays, "plays"),
    staff("plays/new/", views.new, "play-new", read=WRITERS, write=WRITERS),
    staff("plays/<str:uid>/", views.play, "play"),
    staff("plays/<str:uid>/edit/", views.edit, "play-edit", read=WRITERS, write=WRITERS),
    staff("plays/<str:uid>/preview/", views.preview, "play-preview"),
    staff("plays/<str:uid>/dry-run/", views.dry_run, "play-dry-run", write=WRITERS),
    staff(
        "plays/<str:uid>/activate/",
        views.activate,
        "play-activate",
        read=MANAGERS,
        write=MANAGERS,
    ),
    staff("plays/<str:uid>/retire/", views.retire, "play-retire", read=NOBODY, write=WRITERS),
    staff("plays/<str:uid>/decision/", views.decide, "play-decide", read=NOBODY, write=WRITERS),
    staff(
        "plays/<str:uid>/first-step/",
        views.first_step,
        "play-first-step",
        read=NOBODY,
        write=WRITERS,
    ),
    staff("trials/", trial_views.trials, "trials"),
    staff("trials/new/", trial_views.new, "trial-new", read=WRITERS, write=WRITERS),
    staff("trials/<str:uid>/", trial_views.trial, "trial"),
    staff(
        "trials/<str:uid>/reaction/", trial_views.react, "trial-react", read=NOBODY, write=WRITERS
    ),
    staff(
        "trials/<str:uid>/decision/", trial_views.decide, "trial-decide", read=NOBODY, write=WRITERS
    ),
    staff("trials/<str:uid>/play/", trial_views.roll_out, "trial-play", read=NOBODY, write=WRITERS),
    staff(
        "interventions/<str:uid>/accept/",
        suggestion_views.accept,
        "intervention-accept",
        read=NOBODY,
        write=WRITERS,
    ),
    staff(
        "interventions/<str:uid>/change/",
        suggestion_views.change,
        "intervention-change",
        read=WRITERS,
        write=WRITERS,
    ),
    staff(
        "interventions/<str:uid>/refuse/",
        suggestion_views.refuse,
        "intervention-refuse",
        read=NOBODY,
        write=WRITERS,
    ),
    staff(
        "interventions/<str:uid>/restore/",
        suggestion_views.restore,
        "intervention-restore",
        read=NOBODY,
        write=WRITERS,
    ),
]
