"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import MANAGERS, NOBODY, WRITERS
from banso.base.routes import staff
from banso.goals import views

urlpatterns: list[URLPattern] = [
    staff("customers/<str:uid>/plan/", views.plan, "plan", write=WRITERS),
    staff(
        "customers/<str:uid>/plan/agreement/",
        views.agreement,
        "agreement",
        read=NOBODY,
        write=WRITERS,
    ),
    staff("customers/<str:uid>/why/", views.why, "why"),
    staff("plans/", views.plans, "plans"),
    staff("plans/standard/", views.standard, "standard", read=MANAGERS, write=MANAGERS),
    staff("plans/row/", views.target_row, "target-row"),
    staff("lookback/", views.lookback, "lookback"),
]
