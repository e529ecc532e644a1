"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.routes import public
from banso.web import appearance

urlpatterns: list[URLPattern] = [
    public("language/", appearance.set_language, "language"),
    public("theme/", appearance.set_theme, "theme"),
]
