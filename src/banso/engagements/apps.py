from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    name = "banso.engagements"
    label = "engagements"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from banso.base import notices
        from banso.engagements.access import survivors

        notices.READABLE.append(survivors)
        notices.wording(
            "owner.assigned",
            "engagements/notices/owner.html",
            label=_("A change of a customer’s owner"),
            icon="user-round",
        )
