from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlaysConfig(AppConfig):
    name = "banso.plays"
    label = "plays"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.engagements.after import AFTER_CHANGE
        from banso.plays.interventions import settle_these
        from banso.plays.offered_fields import offer_all
        from banso.plays.steps import offer_own

        offer_own()
        offer_all()
        AFTER_CHANGE.append(settle_these)
        offer(NavItem(_("Plays"), "plays", "route", 46))
        offer(NavItem(_("Barriers"), "barriers", "construction", 47))
