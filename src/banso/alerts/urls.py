"""The addresses of this room."""

from django.urls import URLPattern

from banso.alerts import views
from banso.base.roles import MANAGERS, NOBODY, READERS, WRITERS
from banso.base.routes import staff

urlpatterns: list[URLPattern] = [
    staff("alerts/", views.alerts, "alerts"),
    staff("alerts/settings/", views.settings, "alert-settings"),
    staff("alerts/levels/<str:kind>/", views.tune, "alert-tune", read=NOBODY, write=READERS),
    staff(
        "alerts/levels/<str:kind>/everybody/",
        views.tune_all,
        "alert-tune-all",
        read=NOBODY,
        write=MANAGERS,
    ),
    staff("alerts/mutes/<str:uid>/end/", views.unmute, "alert-unmute", read=NOBODY, write=READERS),
    staff("alerts/<str:uid>/", views.alert, "alert"),
    staff("alerts/<str:uid>/seen/", views.seen, "alert-seen", read=NOBODY, write=WRITERS),
    staff("alerts/<str:uid>/mute/", views.mute, "alert-mute", read=NOBODY, write=READERS),
]
