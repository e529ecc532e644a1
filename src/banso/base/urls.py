"""The addresses of this room."""

from allauth.account.views import LoginView, LogoutView
from django.urls import URLPattern

from banso.base import views
from banso.base.routes import public

urlpatterns: list[URLPattern] = [
    public("", views.home, "home"),
    public("health/", views.health, "health"),
    public("sign-in/", LoginView.as_view(template_name="base/sign_in.html"), "sign-in"),
    public("sign-out/", LogoutView.as_view(), "sign-out"),
]
