"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import MANAGERS, NOBODY, WRITERS
from banso.base.routes import staff
from banso.metrics import views

urlpatterns: list[URLPattern] = [
    staff("metrics/", views.metrics, "metrics"),
    staff("metrics/start/", views.start, "metrics-start", read=NOBODY, write=MANAGERS),
    staff("metrics/new/", views.new, "metric-new", read=MANAGERS, write=MANAGERS),
    staff("metrics/<str:uid>/", views.metric, "metric"),
    staff("metrics/<str:uid>/edit/", views.edit, "metric-edit", read=MANAGERS, write=MANAGERS),
    staff("metrics/<str:uid>/versions/<int:number>/", views.version, "metric-version"),
    staff("metrics/<str:uid>/adopt/", views.adopt, "metric-adopt", read=NOBODY, write=MANAGERS),
    staff(
        "metrics/<str:uid>/withdraw/",
        views.withdraw,
        "metric-withdraw",
        read=NOBODY,
        write=MANAGERS,
    ),
    staff(
        "metrics/<str:uid>/backfill/",
        views.backfill,
        "metric-backfill",
        read=NOBODY,
        write=MANAGERS,
    ),
    staff(
        "metrics/<str:uid>/backfill/stop/",
        views.stop_backfill,
        "metric-backfill-stop",
        read=NOBODY,
        write=MANAGERS,
    ),
    staff("metrics/<str:uid>/history/", views.history, "metric-history"),
    staff("metrics/<str:uid>/export/", views.export, "metric-export"),
    staff("metrics/<str:uid>/retire/", views.retire, "metric-retire", read=NOBODY, write=MANAGERS),
    staff("metrics/<str:uid>/enter/", views.enter, "metric-enter", read=WRITERS, write=WRITERS),
    staff("customers/<str:uid>/usage/", views.usage, "customer-usage"),
    staff(
        "customers/<str:uid>/measurements/",
        views.enter_one,
        "measurements",
        read=WRITERS,
        write=WRITERS,
    ),
]
