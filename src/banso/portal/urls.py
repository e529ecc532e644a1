"""The addresses of this room: some for the other side, the rest for those who share."""

from django.urls import URLPattern

from banso.base.roles import NOBODY, WRITERS
from banso.base.routes import public, staff
from banso.portal import help_views, sharing, views

urlpatterns: list[URLPattern] = [
    public("share/<str:secret>/", views.shared_plan, "shared-plan"),
    public("share/<str:secret>/code/", views.code, "shared-plan-code"),
    public("share/<str:secret>/answer/", views.answer, "shared-plan-answer"),
    public("share/<str:secret>/help/", help_views.pages, "shared-help"),
    public("share/<str:secret>/help/<str:uid>/", help_views.page, "shared-help-page"),
    public(
        "share/<str:secret>/help/<str:uid>/<str:name>", help_views.picture, "shared-help-picture"
    ),
    staff(
        "customers/<str:uid>/plan/share/", sharing.share_plan, "share", read=WRITERS, write=WRITERS
    ),
    staff("customers/<str:uid>/plan/versions/<int:number>/", sharing.version, "plan-version"),
    staff("links/<str:uid>/revoke/", sharing.revoke, "link-revoke", read=NOBODY, write=WRITERS),
]
