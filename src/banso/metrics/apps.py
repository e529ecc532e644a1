from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MetricsConfig(AppConfig):
    name = "banso.metrics"
    label = "metrics"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.base.jobs import GIVEN_UP
        from banso.events.batch import TABLES
        from banso.events.manifest import CHANGED
        from banso.events.models import Kind
        from banso.events.taking import WRITERS
        from banso.events.undo import COMPUTED
        from banso.metrics.backfill import after_change, give_up, run_backfill
        from banso.metrics.importing import WRITER
        from banso.metrics.models import Measurement
        from banso.metrics.offered_fields import offer_all

        WRITERS[Kind.MEASUREMENTS] = WRITER
        TABLES["measurement"] = Measurement
        CHANGED.append(after_change)
        COMPUTED.add("metrics.latestvalue")
        GIVEN_UP[run_backfill.module_path] = give_up
        offer_all()
        offer(NavItem(_("Metrics"), "metrics", "gauge", 40))
