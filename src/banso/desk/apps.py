from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "banso.desk"
    label = "desk"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer

        offer(NavItem(_("Today"), "today", "sunrise", 10))
        offer(NavItem(_("Customers"), "customers", "building-2", 20))
        offer(NavItem(_("Portfolio"), "portfolio", "briefcase", 22))

        from banso.desk.rounds import after_change, round_after_import
        from banso.engagements.after import AFTER_CHANGE
        from banso.events.after import AFTER_IMPORT

        AFTER_IMPORT.append(round_after_import)
        AFTER_CHANGE.append(after_change)
