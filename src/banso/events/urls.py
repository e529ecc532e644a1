"""The addresses of this room."""

from django.urls import URLPattern

from banso.base.roles import NOBODY, READERS, WRITERS
from banso.base.routes import staff
from banso.events import recipe_views, views

_ONE = "imports/<str:uid>/"
_RECIPE = "imports/recipes/<str:uid>/"
_RUN = "imports/runs/<str:uid>/"

urlpatterns: list[URLPattern] = [
    staff("imports/", views.imports, "imports", read=READERS, write=WRITERS),
    staff("imports/templates/<str:kind>/", views.template, "import-template"),
    staff("imports/recipes/", recipe_views.recipes, "recipes"),
    staff(_RECIPE, recipe_views.recipe, "recipe", read=READERS, write=WRITERS),
    staff(f"{_RECIPE}end/", recipe_views.retire, "recipe-retire", read=NOBODY, write=WRITERS),
    staff(f"{_RECIPE}runs/", recipe_views.run, "recipe-start", read=NOBODY, write=WRITERS),
    staff(_RUN, recipe_views.run_one, "recipe-run"),
    staff(f"{_RUN}changes/", recipe_views.changes, "recipe-changes"),
    staff(
        f"{_RUN}missing/", recipe_views.end_missing, "recipe-missing", read=NOBODY, write=WRITERS
    ),
    staff(f"{_ONE}recipe/", recipe_views.save, "recipe-save", read=NOBODY, write=WRITERS),
    staff(_ONE, views.one, "import", read=READERS, write=WRITERS),
    staff(f"{_ONE}confirmation/", views.confirm, "import-confirm", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}cancellation/", views.cancel, "import-cancel", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}retry/", views.retry, "import-retry", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}undoing/", views.take_back, "import-undo", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}sheets/", views.again, "import-sheet", read=NOBODY, write=WRITERS),
    staff(f"{_ONE}problems/", views.problems, "import-problems"),
]
