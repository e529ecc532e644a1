from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "banso.events"
    label = "events"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer

        offer(NavItem(_("Imports"), "imports", "upload", 70))

        from banso.base.actions import AFTER_JOINING, AFTER_SETTINGS
        from banso.events.joining import take_over
        from banso.events.rezone import follow_settings

        AFTER_JOINING.append(take_over)
        AFTER_SETTINGS.append(follow_settings)

        from banso.base.jobs import GIVEN_UP
        from banso.events.actions import give_up, run_import

        GIVEN_UP[run_import.module_path] = give_up

        from banso.events.after import AFTER_END
        from banso.events.told import tell

        AFTER_END.append(tell)

        from django.urls import reverse

        from banso.base import notices
        from banso.events.models import Import, RecipeRun

        notices.wording(
            "recipe.run",
            "events/notices/run.html",
            label=_("A run of a recipe of mine"),
            icon="repeat",
            how="digest",
            link=lambda notice, engagement: reverse("recipe-run", args=[notice.detail["run"]]),
            subjects=lambda ids: RecipeRun.objects.select_related("recipe").in_bulk(ids),
        )
        notices.wording(
            "import.ended",
            "events/notices/import.html",
            label=_("The end of an import of mine"),
            icon="upload",
            how="product",
            link=lambda notice, engagement: reverse("import", args=[notice.detail["import"]]),
            subjects=lambda ids: Import.objects.in_bulk(list(ids)),
        )
