"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import ADMINS, MANAGERS, NOBODY, READERS
from banso.base.routes import View, machine, staff
from banso.inproduct import demo_views, endpoint, views

_PRODUCT = "placements/products/<slug:key>/"
_ONE = "placements/<str:uid>/"


def verb(pattern: str, view: View, name: str) -> URLPattern:
    return staff(pattern, view, name, read=NOBODY, write=MANAGERS)


def admin(pattern: str, view: View, name: str) -> URLPattern:
    return staff(pattern, view, name, read=NOBODY, write=ADMINS)


urlpatterns: list[URLPattern] = [
    machine(r"^v1/guide/?$", endpoint.offer, "guide"),
    machine(r"^v1/guide/told/?$", endpoint.tell, "guide-told"),
    machine(r"^v1/guide/pictures/(?P<signed>[\w:.-]+)$", endpoint.picture, "guide-picture"),
    staff("placements/", views.listing, "placements"),
    staff("placements/new/", views.new, "placement-new", read=MANAGERS, write=MANAGERS),
    staff(_PRODUCT, views.product, "placement-product", read=READERS, write=ADMINS),
    admin(f"{_PRODUCT}keys/", views.make_key, "signing-key-make"),
    admin(f"{_PRODUCT}keys/<str:uid>/revocation/", views.revoke_key, "signing-key-revoke"),
    staff("demo-product/<str:screen>/", demo_views.product, "demo-product"),
    staff(_ONE, views.placement, "placement"),
    staff(f"{_ONE}edit/", views.edit, "placement-edit", read=MANAGERS, write=MANAGERS),
    verb(f"{_ONE}activation/", views.activate, "placement-activate"),
    verb(f"{_ONE}retirement/", views.retire, "placement-retire"),
    verb(f"{_ONE}place/", views.move, "placement-move"),
]
