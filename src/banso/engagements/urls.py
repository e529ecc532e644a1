"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import MANAGERS, NOBODY, WRITERS
from banso.base.routes import staff
from banso.engagements import record_views, views

urlpatterns: list[URLPattern] = [
    staff(
        "customers/<str:uid>/details/",
        views.details,
        "customer-details",
        read=WRITERS,
        write=WRITERS,
    ),
    staff(
        "customers/<str:uid>/readers/",
        views.readers,
        "customer-readers",
        read=WRITERS,
        write=WRITERS,
    ),
    staff("customers/<str:uid>/end/", views.end, "customer-end", read=NOBODY, write=WRITERS),
    staff(
        "customers/<str:uid>/contracts/",
        views.new_contract,
        "new-contract",
        read=WRITERS,
        write=WRITERS,
    ),
    staff(
        "customers/<str:uid>/people/",
        views.new_person,
        "new-person",
        read=WRITERS,
        write=WRITERS,
    ),
    staff(
        "customers/<str:uid>/record/",
        record_views.record,
        "customer-record",
        read=WRITERS,
        write=WRITERS,
    ),
    staff(
        "customers/<str:uid>/people/<str:person>/",
        record_views.person,
        "person-record",
        read=WRITERS,
        write=WRITERS,
    ),
    staff("contracts/<str:uid>/", views.contract, "contract", read=WRITERS, write=WRITERS),
    staff("settings/rates/", views.rates, "exchange-rates", read=MANAGERS, write=MANAGERS),
]
