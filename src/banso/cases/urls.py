"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import NOBODY, WRITERS
from banso.base.routes import staff
from banso.cases import retrospective_views, views

urlpatterns: list[URLPattern] = [
    staff("cases/", views.cases, "cases"),
    staff("cases/of-barriers/", views.of_barrier, "barrier-cases"),
    staff("cases/<str:uid>/", views.case, "case"),
    staff("cases/<str:uid>/edit/", views.edit, "case-edit", read=WRITERS, write=WRITERS),
    staff("cases/<str:uid>/publish/", views.publish, "case-publish", read=NOBODY, write=WRITERS),
    staff("cases/<str:uid>/consent/", views.consent, "case-consent", read=NOBODY, write=WRITERS),
    staff("cases/<str:uid>/copy/", views.copy, "case-copy", read=NOBODY, write=WRITERS),
    staff("interventions/<str:uid>/case/", views.new, "case-new", read=WRITERS, write=WRITERS),
    staff("customers/<str:uid>/cases/", views.of_customer, "customer-cases"),
    staff("effect-times/", views.typical, "effect-times"),
    staff("retrospectives/", retrospective_views.listed, "retrospectives"),
    staff(
        "retrospectives/new/",
        retrospective_views.new,
        "retrospective-new",
        read=WRITERS,
        write=WRITERS,
    ),
    staff("retrospectives/<str:uid>/", retrospective_views.one, "retrospective"),
    staff(
        "retrospectives/<str:uid>/edit/",
        retrospective_views.edit,
        "retrospective-edit",
        read=WRITERS,
        write=WRITERS,
    ),
    staff(
        "retrospectives/<str:uid>/follow/",
        retrospective_views.follow,
        "retrospective-follow",
        read=NOBODY,
        write=WRITERS,
    ),
]
