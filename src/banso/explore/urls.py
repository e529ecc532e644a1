"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.routes import staff
from banso.explore import views

urlpatterns: list[URLPattern] = [
    staff("explore/", views.explore, "explore"),
    staff("explore/export/", views.export, "explore-export"),
]
