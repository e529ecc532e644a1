from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExploreConfig(AppConfig):
    name = "banso.explore"
    label = "explore"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer

        offer(NavItem(_("Explore"), "explore", "chart-line", 41))
        offer(NavItem(_("Events"), "events", "list-tree", 71))
