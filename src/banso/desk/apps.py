from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "banso.desk"
    label = "desk"

    def ready(self) -> None:
        from banso.base.context import NavItem, offer
        from banso.base.roles import MANAGERS

        offer(NavItem(_("Today"), "today", "sunrise", 10))
        offer(NavItem(_("Customers"), "customers", "building-2", 20))
        offer(NavItem(_("Monday page"), "monday", "calendar-check", 21, MANAGERS))
        offer(NavItem(_("Portfolio"), "portfolio", "briefcase", 22))
        offer(NavItem(_("Support and use"), "support", "scale", 23))

        from banso.base.notices import wording

        wording(
            "deadline.near",
            "desk/notices/deadline.html",
            label=_("A notice deadline or renewal of a customer of mine"),
            icon="calendar-clock",
        )

        from banso.desk.rounds import after_change, round_after_import
        from banso.engagements.after import AFTER_CHANGE
        from banso.events.after import AFTER_IMPORT

        AFTER_IMPORT.append(round_after_import)
        AFTER_CHANGE.append(after_change)
        word_handovers()
        word_bulks()


def word_handovers() -> None:
    """How hand-overs are told to those whose customers move."""
    from banso.base import notices
    from banso.desk.models import Handover

    labels = {
        "handover.planned": _("A planned hand-over of my customers"),
        "handover.done": _("Customers handed over to me"),
        "handover.undone": _("A hand-over to me taken back"),
    }
    for verb, label in labels.items():
        notices.wording(
            verb,
            "desk/notices/handover.html",
            label=label,
            icon="arrow-right-left",
            link=lambda told, _engagement: handover_address(told.subject_id),
            subjects=lambda ids: Handover.objects.in_bulk(list(ids)),
        )


def word_bulks() -> None:
    """How a bulk change of owner is told to the new owner."""
    from banso.base import notices
    from banso.desk.models import Bulk

    notices.wording(
        "bulk.assigned",
        "desk/notices/handover.html",
        label=_("Many customers given to me at once"),
        icon="users-round",
        link=lambda told, _engagement: reverse("customers"),
        subjects=lambda ids: Bulk.objects.in_bulk(list(ids)),
    )


def handover_address(number: int | None) -> str:
    from banso.desk.models import Handover

    found = Handover.objects.filter(pk=number or 0).first()
    return reverse("handover", args=[found.uid]) if found else reverse("today")
