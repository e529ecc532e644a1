from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlaysConfig(AppConfig):
    name = "banso.plays"
    label = "plays"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.base.notices import wording
        from banso.engagements.after import AFTER_CHANGE
        from banso.plays.asset_steps import offer_asset_steps
        from banso.plays.interventions import settle_these
        from banso.plays.offered_fields import offer_all
        from banso.plays.reminders import plays_by, to_play, to_trial, trials_by
        from banso.plays.sending_steps import offer_sending
        from banso.plays.steps import offer_own

        offer_own()
        offer_asset_steps()
        offer_sending()
        offer_all()
        AFTER_CHANGE.append(settle_these)
        told = {
            "review_due": (_("A play of mine to be looked at again"), "calendar-check"),
            "first_step_due": (_("A first small step of mine due"), "footprints"),
            "decision_due": (_("A play of mine that waits for a decision"), "gavel"),
        }
        for code, (label, icon) in told.items():
            wording(
                f"play.{code}",
                f"plays/notices/{code}.html",
                label=label,
                icon=icon,
                link=to_play,
                subjects=plays_by,
            )
        wording(
            "trial.decision_due",
            "plays/notices/trial_due.html",
            label=_("A small trial of mine to be decided"),
            icon="flask-conical",
            link=to_trial,
            subjects=trials_by,
        )
        offer(NavItem(_("Plays"), "plays", "route", 46))
        offer(NavItem(_("Barriers"), "barriers", "construction", 47))
