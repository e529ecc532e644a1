from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoalsConfig(AppConfig):
    name = "banso.goals"
    label = "goals"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.engagements.after import AFTER_OPENING
        from banso.events.undo import COMPUTED
        from banso.goals.refresh import open_standings

        AFTER_OPENING.append(open_standings)
        COMPUTED.update({"goals.standing", "goals.standingchange"})
        offer(NavItem(_("Success plans"), "plans", "target", 50))
        offer(NavItem(_("Look back"), "lookback", "history", 60))
