"""The addresses of this room: three for the other side, the rest for those who share."""

from django.urls import URLPattern

from banso.base.roles import NOBODY, WRITERS
from banso.base.routes import public, staff
from banso.portal import sharing, views

urlpatterns: list[URLPattern] = [
    public("share/<str:secret>/", views.shared_plan, "shared-plan"),
    public("share/<str:secret>/code/", views.code, "shared-plan-code"),
    public("share/<str:secret>/answer/", views.answer, "shared-plan-answer"),
    staff(
        "customers/<str:uid>/plan/share/", sharing.share_plan, "share", read=WRITERS, write=WRITERS
    ),
    staff("customers/<str:uid>/plan/versions/<int:number>/", sharing.version, "plan-version"),
    staff("links/<str:uid>/revoke/", sharing.revoke, "link-revoke", read=NOBODY, write=WRITERS),
]
