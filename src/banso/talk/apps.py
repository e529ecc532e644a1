from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TalkConfig(AppConfig):
    name = "banso.talk"
    label = "talk"

    def ready(self) -> None:
        from banso.base.notices import wording
        from banso.talk.notices import comments_told

        wording(
            "comment.mentioned",
            "talk/notices/mentioned.html",
            label=_("A comment that mentions me"),
            icon="at-sign",
            how="at_once",
            subjects=comments_told,
        )
        wording(
            "comment.written",
            "talk/notices/written.html",
            label=_("A comment on a customer I follow"),
            icon="message-square",
            subjects=comments_told,
        )
