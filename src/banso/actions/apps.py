from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionsConfig(AppConfig):
    name = "banso.actions"
    label = "actions"

    def ready(self) -> None:
        from banso.actions.models import Action
        from banso.base.notices import wording

        told = {
            "action.assigned": (_("A step became mine"), "corner-down-right"),
            "action.due": (_("A step of mine is due today"), "calendar-check"),
            "action.overdue": (_("A step of mine is overdue"), "calendar-x"),
        }
        for verb, (label, icon) in told.items():
            wording(
                verb,
                "actions/notices/step.html",
                label=label,
                icon=icon,
                subjects=lambda ids: Action.objects.in_bulk(list(ids)),
            )
