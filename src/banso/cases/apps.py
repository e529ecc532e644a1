from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "banso.cases"
    label = "cases"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer

        offer(NavItem(_("Cases"), "cases", "lightbulb", 48))
        offer(NavItem(_("Retrospectives"), "retrospectives", "rotate-ccw", 49))
