"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import NOBODY, WRITERS
from banso.base.routes import staff
from banso.desk import acts, team_views, views

urlpatterns: list[URLPattern] = [
    staff("today/", views.today, "today"),
    staff("search/", views.search, "search"),
    staff("portfolio/", team_views.portfolio, "portfolio"),
    staff("actions/", team_views.promises, "promises"),
    staff("customers/", views.customers, "customers"),
    staff("customers/export/", views.export, "customers-export"),
    staff("customers/new/", views.new_customer, "new-customer", read=WRITERS, write=WRITERS),
    staff("customers/<str:uid>/", views.customer, "customer"),
    staff("customers/<str:uid>/trend/", views.trend, "customer-trend"),
    staff(
        "customers/<str:uid>/contacts/", acts.record_contact, "contact", read=WRITERS, write=WRITERS
    ),
    staff("customers/<str:uid>/actions/", acts.add_step, "action", read=WRITERS, write=WRITERS),
    staff(
        "customers/<str:uid>/set-aside/", acts.set_aside, "set-aside", read=WRITERS, write=WRITERS
    ),
    staff("customers/<str:uid>/resume/", acts.resume, "resume", read=NOBODY, write=WRITERS),
    staff(
        "contacts/<str:uid>/withdraw/",
        acts.withdraw_contact,
        "contact-withdraw",
        read=NOBODY,
        write=WRITERS,
    ),
    staff("actions/<str:uid>/", acts.change_step, "action-change", read=WRITERS, write=WRITERS),
    staff("actions/<str:uid>/done/", acts.close_step, "action-done", read=NOBODY, write=WRITERS),
    staff("actions/<str:uid>/drop/", acts.drop_step, "action-drop", read=NOBODY, write=WRITERS),
    staff(
        "actions/<str:uid>/reopen/", acts.reopen_step, "action-reopen", read=NOBODY, write=WRITERS
    ),
]
