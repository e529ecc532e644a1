from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "banso.matching"
    label = "matching"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.base.roles import MANAGERS, WRITERS
        from banso.events.after import AFTER_IMPORT, NOTES
        from banso.events.undo import COMPUTED
        from banso.matching.finding import search_after_import
        from banso.matching.pages import note

        COMPUTED.add("matching.match")
        AFTER_IMPORT.append(search_after_import)
        NOTES.append(note)
        offer(NavItem(_("Same customers"), "matches", "git-merge", 72, WRITERS))
        offer(NavItem(_("Who is this?"), "unknown", "user-search", 73, MANAGERS))
