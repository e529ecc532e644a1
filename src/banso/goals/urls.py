"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import MANAGERS, NOBODY, WRITERS
from banso.base.routes import staff
from banso.goals import segment_views, stage_views, views

urlpatterns: list[URLPattern] = [
    staff("segments/", segment_views.segments, "segments"),
    staff("segments/new/", segment_views.new, "segment-new", read=WRITERS, write=WRITERS),
    staff("segments/order/", segment_views.order, "segments-order", read=NOBODY, write=MANAGERS),
    staff("stages/", stage_views.stages, "stages"),
    staff("stages/template/", stage_views.template, "stages-template", read=NOBODY, write=MANAGERS),
    staff("stages/program/", stage_views.program, "program", read=MANAGERS, write=MANAGERS),
    staff("stages/place/", stage_views.place, "stages-place", read=NOBODY, write=MANAGERS),
    staff(
        "customers/<str:uid>/stage/",
        stage_views.move_one,
        "stage-move",
        read=WRITERS,
        write=WRITERS,
    ),
    staff("segments/<str:uid>/", segment_views.segment, "segment"),
    staff(
        "segments/<str:uid>/edit/",
        segment_views.edit,
        "segment-edit",
        read=WRITERS,
        write=WRITERS,
    ),
    staff(
        "segments/<str:uid>/duplicate/",
        segment_views.duplicate,
        "segment-duplicate",
        read=NOBODY,
        write=WRITERS,
    ),
    staff(
        "segments/<str:uid>/retire/",
        segment_views.retire,
        "segment-retire",
        read=NOBODY,
        write=WRITERS,
    ),
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
