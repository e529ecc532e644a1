"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.routes import public
from banso.web import appearance

urlpatterns: list[URLPattern] = [
    public("theme/", appearance.set_theme, "theme"),
]
