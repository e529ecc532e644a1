"""Doors that are not rooms: home and health."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from banso.base.models import Workspace


def home(request: HttpRequest) -> HttpResponse:
    """The day's first page, or the door to it."""
    return redirect("today" if request.user.is_authenticated else "sign-in")


def health(request: HttpRequest) -> HttpResponse:
    """Answers 200 when the database answers; says nothing else."""
    Workspace.objects.exists()
    return JsonResponse({"ok": True})
