from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IngestConfig(AppConfig):
    name = "banso.ingest"
    label = "ingest"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.events.after import AFTER_IMPORT
        from banso.events.erasing import ALSO, FORGET
        from banso.ingest.erasing import also_called, forget
        from banso.ingest.settling import settle_visitors

        AFTER_IMPORT.append(settle_visitors)
        ALSO.append(also_called)
        FORGET.append(forget)
        offer(NavItem(_("Sources"), "sources", "radio-tower", 72))
