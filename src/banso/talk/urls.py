"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import NOBODY, READERS, WRITERS
from banso.base.routes import staff
from banso.talk import views

urlpatterns: list[URLPattern] = [
    staff("comments/", views.latest, "comments"),
    staff("customers/<str:uid>/comments/", views.thread, "customer-comments", write=WRITERS),
    staff("customers/<str:uid>/colleagues/", views.colleagues, "customer-colleagues"),
    staff("customers/<str:uid>/follow/", views.follow, "follow", read=NOBODY, write=READERS),
    staff("comments/<str:uid>/", views.edit, "comment-edit", read=WRITERS, write=WRITERS),
    staff("comments/<str:uid>/delete/", views.delete, "comment-delete", read=NOBODY, write=WRITERS),
]
