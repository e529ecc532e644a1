from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActionsConfig(AppConfig):
    name = "banso.actions"
    label = "actions"

    def ready(self) -> None:
        from banso.actions.models import Action
        from banso.base.notices import wording

        told = {
            "action.assigned": (_("An action given to me"), "corner-down-right"),
            "action.due": (_("An action of mine due today"), "calendar-check"),
            "action.overdue": (_("An action of mine overdue"), "calendar-x"),
        }
        for verb, (label, icon) in told.items():
            wording(
                verb,
                "actions/notices/step.html",
                label=label,
                icon=icon,
                subjects=lambda ids: Action.objects.in_bulk(list(ids)),
            )
