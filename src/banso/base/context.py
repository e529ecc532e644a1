"""What every page's frame shows."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject

from banso.base.models import Role
from banso.base.notices import unread_count
from banso.base.roles import READERS


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation; rooms add theirs with `offer`."""

    label: str | Promise
    route: str
    icon: str
    order: int
    roles: frozenset[Role] = READERS


@dataclass(frozen=True)
class NavLink:
    label: str | Promise
    url: str
    icon: str
    active: bool


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
        "nav": [
            link(item, request.path)
            for item in sorted(OFFERED, key=lambda each: each.order)
            if role in item.roles
        ],
    }


def link(item: NavItem, path: str) -> NavLink:
    url = reverse(item.route)
    active = path == url or (url != "/" and path.startswith(url))
    return NavLink(item.label, url, item.icon, active)
