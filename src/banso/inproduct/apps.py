from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InproductConfig(AppConfig):
    name = "banso.inproduct"
    label = "inproduct"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.events.erasing import FORGET
        from banso.inproduct.erasing import forget

        FORGET.append(forget)
        offer(NavItem(_("In your product"), "placements", "app-window", 56))
