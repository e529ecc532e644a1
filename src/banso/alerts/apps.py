from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    name = "banso.alerts"
    label = "alerts"

    def ready(self) -> None:
        from django.urls import reverse

        from banso.alerts.models import Alert
        from banso.base import notices
        from banso.base.context import NavItem, offer

        offer(NavItem(_("Changes"), "alerts", "activity", 15))
        notices.wording(
            "alert.raised",
            "alerts/notices/raised.html",
            label=_("A change at a customer of mine"),
            icon="activity",
            link=lambda told, engagement: reverse("alert", args=[told.detail["alert"]]),
            subjects=lambda ids: Alert.objects.select_related("person").in_bulk(list(ids)),
        )
