from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InboundConfig(AppConfig):
    name = "banso.inbound"
    label = "inbound"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.base.roles import WRITERS

        offer(NavItem(_("Inbox"), "inbound", "inbox", 35, WRITERS))
