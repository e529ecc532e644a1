"""The route registry: every address says who may read and who may write; the rest is denied."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect, resolve_url
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from banso.base.models import Role, User, Workspace
from banso.base.roles import NOBODY, READERS

type View = Callable[..., HttpResponseBase]
MACHINES = "/v1/"


@dataclass(frozen=True)
class Access:
    """Who may come: `public` asks for no sign-in; else the roles that read and that write. A
    `machine` brings a key of its own, which its view asks for."""

    public: bool
    read: frozenset[Role]
    write: frozenset[Role]
    machine: bool = False


class StaffRequest(HttpRequest):
    """A request behind a staff route: the user is signed in and has an open grant."""

    user: User
    role: Role
    workspace: Workspace
    htmx: Any


def staff(
    pattern: str,
    view: View,
    name: str,
    *,
    read: frozenset[Role] = READERS,
    write: frozenset[Role] = NOBODY,
) -> URLPattern:
    """An address for staff; GET needs a role in `read`, POST one in `write`."""
    return path(pattern, guarded(view, Access(False, read, write)), name=name)


def public(pattern: str, view: View, name: str) -> URLPattern:
    """An address anybody may open: sign-in, invitation, set-up, health."""

    @wraps(view)
    def open_door(request: HttpRequest, **words: Any) -> HttpResponseBase:
        return view(request, **words)

    open_door.access = Access(True, READERS, READERS)  # type: ignore[attr-defined]
    return path(pattern, open_door, name=name)


def machine(pattern: str, view: View, name: str) -> URLPattern:
    """An address that programs send to, as a regular expression. No session, cookie or token of a
    form means anything there, so it must lie below MACHINES and its view must ask for a key."""

    @csrf_exempt
    @wraps(view)
    def slot(request: HttpRequest, **words: Any) -> HttpResponseBase:
        return view(request, **words)

    slot.access = Access(True, NOBODY, NOBODY, machine=True)  # type: ignore[attr-defined]
    return re_path(pattern, slot, name=name)


def guarded(view: View, access: Access) -> View:
    @wraps(view)
    def guard(request: StaffRequest, **words: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if request.role is None:
            raise PermissionDenied
        roles = access.read if request.method in ("GET", "HEAD") else access.write
        if request.method not in ("GET", "HEAD", "POST") or not roles:
            return HttpResponseNotAllowed(allowed_methods(access))
        if request.role not in roles:
            raise PermissionDenied
        return view(request, **words)

    guard.access = access  # type: ignore[attr-defined]
    return guard


def allowed_methods(access: Access) -> list[str]:
    reading = ["GET", "HEAD"] if access.read else []
    return [*reading, "POST"] if access.write else reading


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in first, then come back; a fragment asked by htmx moves the whole page instead."""
    target = resolve_url("account_login")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    if request.method == "GET":
        return redirect(f"{target}?{urlencode({'next': request.get_full_path()})}")
    return redirect(target)
