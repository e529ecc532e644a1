"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.routes import machine
from banso.ingest import endpoint

_CALL = "|".join(endpoint.CALLS)

urlpatterns: list[URLPattern] = [
    machine(rf"^v1/(?P<call>{_CALL})/?$", endpoint.collect, "collect"),
    machine(r"^v1/projects/(?P<key>[^/]+)/settings/?$", endpoint.project, "collect-settings"),
]
