from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GoalsConfig(AppConfig):
    name = "banso.goals"
    label = "goals"

    def ready(self) -> None:
        from banso.base import notices
        from banso.base.context import NavItem, offer
        from banso.engagements.after import AFTER_OPENING, AFTER_REGROUPING
        from banso.events.undo import COMPUTED
        from banso.goals.effects import effects_of
        from banso.goals.offered_fields import offer_all
        from banso.goals.refresh import copy_labels, open_standings
        from banso.goals.replies import replies_by, to_plan
        from banso.metrics.revision import offer_effects

        offer_effects(effects_of)
        offer_all()
        AFTER_OPENING.append(open_standings)
        AFTER_REGROUPING.append(copy_labels)
        COMPUTED.update({"goals.standing", "goals.standingchange"})
        notices.wording(
            "reply.received",
            "goals/notices/reply.html",
            label=_("“Not quite” to a success plan"),
            icon="message-square",
            link=to_plan,
            subjects=replies_by,
        )
        notices.wording(
            "reply.agreed",
            "goals/notices/agreed.html",
            label=_("Agreement to a success plan"),
            icon="handshake",
            link=to_plan,
        )
        offer(NavItem(_("Segments"), "segments", "funnel", 42))
        offer(NavItem(_("Stages"), "stages", "milestone", 45))
        offer(NavItem(_("Success plans"), "plans", "target", 50))
        offer(NavItem(_("Look back"), "lookback", "history", 43))
