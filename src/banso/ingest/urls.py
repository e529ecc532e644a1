"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import MANAGERS, NOBODY, READERS
from banso.base.routes import View, machine, staff
from banso.ingest import endpoint, views

_CALL = "|".join(endpoint.CALLS)
_ONE = "sources/<slug:key>/"
_KEY = f"{_ONE}keys/<str:uid>/"


def verb(pattern: str, view: View, name: str) -> URLPattern:
    return staff(pattern, view, name, read=NOBODY, write=MANAGERS)


urlpatterns: list[URLPattern] = [
    machine(rf"^v1/(?P<call>{_CALL})/?$", endpoint.collect, "collect"),
    machine(r"^v1/projects/(?P<key>[^/]+)/settings/?$", endpoint.project, "collect-settings"),
    staff("sources/", views.sources, "sources", read=READERS, write=MANAGERS),
    staff(_ONE, views.source, "source", read=READERS, write=MANAGERS),
    verb(f"{_ONE}keys/", views.make_key, "key-make"),
    verb(f"{_KEY}rotation/", views.rotate_key, "key-rotate"),
    verb(f"{_KEY}revocation/", views.revoke_key, "key-revoke"),
    verb(f"{_KEY}origins/", views.allow_origins, "key-origins"),
]
