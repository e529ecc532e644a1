from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MetricsConfig(AppConfig):
    name = "banso.metrics"
    label = "metrics"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.events.undo import COMPUTED

        COMPUTED.add("metrics.latestvalue")
        offer(NavItem(_("Metrics"), "metrics", "gauge", 40))
