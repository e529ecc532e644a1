from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MetricsConfig(AppConfig):
    name = "banso.metrics"
    label = "metrics"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.base.jobs import GIVEN_UP
        from banso.events.undo import COMPUTED
        from banso.metrics.backfill import give_up, run_backfill
        from banso.metrics.offered_fields import offer_all

        COMPUTED.add("metrics.latestvalue")
        GIVEN_UP[run_backfill.module_path] = give_up
        offer_all()
        offer(NavItem(_("Metrics"), "metrics", "gauge", 40))
