"""The frame of every request: workspace, zone, role, and no view without a route."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.views.defaults import bad_request

from banso.base.models import StaffGrant, Workspace
from banso.base.routes import MACHINES
from banso.base.workspace import held

type GetResponse = Callable[[HttpRequest], HttpResponseBase]
WITHOUT_WORKSPACE = ("/set-up/", "/static/", "/health/", "/language/", "/theme/")
OTHER_SIDE = ("/share/", "/help/")  # pages that never look at who of the staff is signed in


class MachineMiddleware:
    """Hands what programs send straight to its view: a session, a language and the frame of a
    page cost more than the event that comes in. Only machine routes answer there."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(MACHINES):
            return self.get_response(request)
        try:
            found = resolve(request.path_info)
        except Resolver404:
            return nothing_here()
        access = getattr(found.func, "access", None)
        if access is None or not access.machine:
            return nothing_here()
        response: HttpResponseBase = found.func(request, **found.kwargs)
        return response


def nothing_here() -> JsonResponse:
    told = {"success": False, "code": "no_such_address", "message": "There is nothing here."}
    return JsonResponse(told, status=404)


class AddressMiddleware:
    """Answers 400 for an address with a NUL, which no text in the database can hold, and keeps
    answers out of every cache: they are for one reader."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or has_nul(request.GET):
            raise BadRequest("NUL")
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Text fields refuse a NUL themselves; what chooses a row meets it in the database."""
        if isinstance(exception, (DataError, ValueError)) and has_nul(request.POST):
            return bad_request(request, exception)
        return None


def has_nul(words: QueryDict) -> bool:
    return any("\0" in text for name, values in words.lists() for text in (name, *values))


class WorkspaceMiddleware:
    """Puts `workspace` and `role` on the request and speaks the user's language."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        request.workspace = Workspace.objects.filter(id=1).first()
        request.role = None
        if request.workspace is None:
            if not request.path.startswith(WITHOUT_WORKSPACE):
                return redirect("set-up")
            return self.get_response(request)
        if not request.path.startswith(OTHER_SIDE) and request.user.is_authenticated:
            grant = StaffGrant.objects.filter(user=request.user, ended_at=None)
            request.role = grant.values_list("role", flat=True).first()
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        zone = ZoneInfo(request.workspace.timezone)
        with held(request.workspace), timezone.override(zone):
            return self.get_response(request)


class DefaultDenyMiddleware:
    """Answers 404 for every view that no route registered."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], words: dict[str, Any]
    ) -> None:
        if not hasattr(view, "access"):
            raise Http404
