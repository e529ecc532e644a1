"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import ADMINS, NOBODY, WRITERS
from banso.base.routes import public, staff
from banso.messages import public_views, views, webhook_views

urlpatterns: list[URLPattern] = [
    staff("messages/", views.listed, "messages"),
    staff("messages/<str:uid>/", views.message, "message", write=WRITERS),
    staff("customers/<str:uid>/messages/", views.of_customer, "customer-messages"),
    staff(
        "customers/<str:uid>/messages/new/",
        views.write,
        "message-write",
        read=WRITERS,
        write=WRITERS,
    ),
    staff(
        "customers/<str:uid>/messages/people/<str:person>/",
        views.person,
        "person-messages",
        read=NOBODY,
        write=WRITERS,
    ),
    staff("settings/webhook/", webhook_views.webhook, "webhook", read=ADMINS, write=ADMINS),
    public("messages/stop/<str:secret>/", public_views.stop, "message-stop"),
]
