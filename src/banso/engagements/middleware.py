"""Addresses of what was merged go on to what it is by now."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from banso.engagements.access import Merged

type GetResponse = Callable[[HttpRequest], HttpResponseBase]


class MergedMiddleware:
    """Sends a request about a merged engagement to the same page of its survivor; one that
    would change something opens the survivor, so that nothing happens unseen."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Merged):
            return None
        if request.method not in ("GET", "HEAD"):
            return redirect("customer", uid=exception.into)
        return redirect(request.get_full_path().replace(exception.uid, exception.into))
