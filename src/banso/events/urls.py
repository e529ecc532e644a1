"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import NOBODY, READERS, WRITERS
from banso.base.routes import staff
from banso.events import views

_ONE = "imports/<str:uid>/"

urlpatterns: list[URLPattern] = [
    staff("imports/", views.imports, "imports", read=READERS, write=WRITERS),
    staff("imports/templates/<str:kind>/", views.template, "import-template"),
    staff(_ONE, views.one, "import", read=READERS, write=WRITERS),
    staff(f"{_ONE}confirmation/", views.confirm, "import-confirm", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}cancellation/", views.cancel, "import-cancel", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}retry/", views.retry, "import-retry", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}undoing/", views.take_back, "import-undo", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}sheets/", views.again, "import-sheet", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}problems/", views.problems, "import-problems"),
]
