"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import MANAGERS, NOBODY, READERS, WRITERS
from banso.base.routes import staff
from banso.desk import acts, bulk_views, handover_views, support_views, team_views, views

urlpatterns: list[URLPattern] = [
    staff("today/", views.today, "today"),
    staff("search/", views.search, "search"),
    staff("portfolio/", team_views.portfolio, "portfolio"),
    staff("actions/", team_views.promises, "promises"),
    staff("monday/", team_views.monday, "monday"),
    staff("customers/", views.customers, "customers"),
    staff("customers/export/", views.export, "customers-export"),
    staff("customers/new/", views.new_customer, "new-customer", read=WRITERS, write=WRITERS),
    staff("customers/bulk/", bulk_views.bulk, "bulk", read=WRITERS, write=WRITERS),
    staff("customers/views/", bulk_views.views, "views", read=NOBODY, write=READERS),
    staff("customers/views/<str:uid>/", bulk_views.change_view, "view", read=NOBODY, write=READERS),
    staff("customers/<str:uid>/", views.customer, "customer"),
    staff("bulks/<str:uid>/", bulk_views.result, "bulk-result", read=WRITERS),
    staff("bulks/<str:uid>/undo/", bulk_views.undo, "bulk-undo", read=NOBODY, write=WRITERS),
    staff("support/", support_views.support, "support"),
    staff("customers/<str:uid>/support/", support_views.of_customer, "customer-support"),
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
    staff(
        "staff/<str:uid>/handover/",
        handover_views.hand_over_book,
        "hand-over-book",
        read=MANAGERS,
        write=MANAGERS,
    ),
    staff(
        "customers/<str:uid>/handover/",
        handover_views.hand_over_one,
        "hand-over-one",
        read=WRITERS,
        write=WRITERS,
    ),
    staff("customers/<str:uid>/pack/", handover_views.customer_pack, "customer-pack"),
    staff("handovers/<str:uid>/", handover_views.handover, "handover"),
    staff("handovers/<str:uid>/pack/", handover_views.pack, "handover-pack"),
    staff(
        "handovers/<str:uid>/now/",
        handover_views.carry_out_now,
        "handover-now",
        read=NOBODY,
        write=WRITERS,
    ),
    staff(
        "handovers/<str:uid>/withdrawal/",
        handover_views.withdraw,
        "handover-withdrawal",
        read=NOBODY,
        write=WRITERS,
    ),
    staff(
        "handovers/<str:uid>/undo/",
        handover_views.undo,
        "handover-undo",
        read=NOBODY,
        write=WRITERS,
    ),
    staff(
        "handovers/<str:uid>/notes/<str:customer>/",
        handover_views.note,
        "handover-note",
        read=NOBODY,
        write=WRITERS,
    ),
]
