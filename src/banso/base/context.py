"""What every page's frame shows."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from banso.base.models import Role
from banso.base.notices import unread_count
from banso.base.roles import READERS


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation; rooms add theirs with `offer`. `order` also says under
    which of the headings it stands."""

    label: str | Promise
    route: str
    icon: str
    order: int
    roles: frozenset[Role] = READERS


@dataclass(frozen=True)
class NavLink:
    """`begins`: the heading that stands above it, if it is the first."""

    label: str | Promise
    url: str
    icon: str
    active: bool
    begins: str | Promise = ""


HEADINGS = (
    (40, _("To measure")),
    (46, _("To support")),
    (70, pgettext_lazy("navigation", "Data")),
    (80, pgettext_lazy("navigation", "Workspace")),
)
"""From which order on entries stand under which heading; before the first under none."""


OFFERED: list[NavItem] = []


def offer(item: NavItem) -> None:
    """Add an entry; called from the room's AppConfig.ready."""
    if item not in OFFERED:
        OFFERED.append(item)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Template context: the workspace and the navigation of the user's role."""
    role = getattr(request, "role", None)
    return {
        "workspace": getattr(request, "workspace", None),
        "role": role,
        "unread": SimpleLazyObject(lambda: unread_count(request.user) if role else 0),  # type: ignore[arg-type]
        "nav": links(role, request.path),
    }


def links(role: Role | None, path: str) -> list[NavLink]:
    """The entries for a role in their order, each heading above the first that stands under it."""
    shown = [item for item in sorted(OFFERED, key=lambda each: each.order) if role in item.roles]
    headings = [heading(item.order) for item in shown]
    return [
        link(item, path, own if own != above else "")
        for item, own, above in zip(shown, headings, ["", *headings], strict=False)
    ]


def heading(order: int) -> str | Promise:
    return next((label for first, label in reversed(HEADINGS) if order >= first), "")


def link(item: NavItem, path: str, begins: str | Promise) -> NavLink:
    url = reverse(item.route)
    active = path == url or (url != "/" and path.startswith(url))
    return NavLink(item.label, url, item.icon, active, begins)
