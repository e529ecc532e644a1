"""Requests about recipes and their runs."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.engagements.access import writable
from banso.engagements.actions import end_engagement
from banso.engagements.after import announce
from banso.events import recipe_pages as pages
from banso.events import recipes as actions
from banso.events.access import import_or_404, require_handle
from banso.events.differences import differences
from banso.events.models import ExternalId, Import, MissingRow, Recipe
from banso.events.recipe_forms import RecipeForm
from banso.events.views import largest_of
from banso.web.csv import csv_response
from banso.web.tables import TableState


def recipes(request: StaffRequest) -> HttpResponse:
    return render(request, "events/recipes.html", {"page": pages.recipes_page(request.role)})


def save(request: StaffRequest, uid: str) -> HttpResponse:
    """One click on a finished import: its file is read this way from now on."""
    owner = import_or_404(request.user, uid)
    require_handle(request.user, request.role, owner)
    name = request.POST.get("name", "").strip()[:120] or owner.file_name[:120]
    if owner.status != Import.Status.DONE:
        messages.info(request, _("This import has moved on meanwhile."))
        return redirect("import", uid=uid)
    try:
        recipe = actions.save_recipe(owner=owner, name=name, by=request.user)
    except actions.NameTaken:
        messages.error(request, _("Another recipe goes by this name; choose another one."))
        return redirect("import", uid=uid)
    messages.success(request, _("The recipe is saved. Next time one file is all it takes."))
    return redirect("recipe", uid=recipe.uid)


def recipe(request: StaffRequest, uid: str) -> HttpResponse:
    found = pages.recipe_or_404(uid)
    form = RecipeForm.of(found)
    status = 200
    if request.method == "POST":
        require_change(request, found)
        form = RecipeForm(request.POST)
        if form.is_valid() and changed(request, found, form):
            return redirect("recipe", uid=uid)
        status = 422
    state = TableState.read(request.GET, sortable=(), default="", path=request.path)
    page = pages.recipe_page(request.user, request.role, found, state)
    return render(request, "events/recipe.html", {"page": page, "form": form}, status=status)


def changed(request: StaffRequest, found: Recipe, form: RecipeForm) -> bool:
    try:
        actions.change_recipe(recipe=found, sheet=form.sheet(), by=request.user)
    except actions.NameTaken:
        form.add_error("name", _("Another recipe goes by this name; choose another one."))
        return False
    messages.success(request, _("Saved."))
    return True


def require_change(request: StaffRequest, found: Recipe) -> None:
    if not pages.may_change(request.user, request.role, found):
        raise PermissionDenied


def retire(request: StaffRequest, uid: str) -> HttpResponse:
    found = pages.recipe_or_404(uid)
    require_change(request, found)
    actions.retire_recipe(recipe=found, by=request.user)
    messages.success(request, _("The recipe is put away; what it brought stays."))
    return redirect("recipes")


def run(request: StaffRequest, uid: str) -> HttpResponse:
    """Run a recipe with the next file."""
    found = pages.recipe_or_404(uid)
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("Choose a file first."))
        return redirect("recipe", uid=uid)
    name, largest = file.name or "file", largest_of(file.name or "")
    if (file.size or 0) > largest:
        told = _("%(name)s is larger than %(limit)s MB; import it from the command line.")
        messages.error(request, told % {"name": name, "limit": largest // 1024 // 1024})
        return redirect("recipe", uid=uid)
    begun = actions.run_stream(recipe=found, stream=file, name=name, by=request.user)
    return redirect("recipe-run", uid=begun.uid)


def run_one(request: StaffRequest, uid: str) -> HttpResponse:
    """One run: what changed since the last."""
    page = pages.run_page(request.user, request.role, pages.run_or_404(uid))
    return render(request, "events/run.html", {"page": page})


def changes(request: StaffRequest, uid: str) -> HttpResponseBase:
    """Every field a run changed, as a file."""
    found = pages.run_or_404(uid)
    header = [_("Whose row"), _("Field"), _("Before"), _("After")]
    rows = (
        [each.subject.name, each.field, each.before, each.after]
        for owner in found.imports.order_by("id")
        for each in differences(request.user, owner)
    )
    return csv_response(f"{found.recipe.name}-{_('changes')}", header, rows)


def end_missing(request: StaffRequest, uid: str) -> HttpResponse:
    """End the chosen customers that the file does not name any more."""
    found = pages.run_or_404(uid)
    chosen = [int(each) for each in request.POST.getlist("row") if each.isdigit()]
    rows = MissingRow.objects.filter(
        pk__in=chosen, ended_at=None, owner__run=found, owner__kind="accounts"
    )
    ended = sum(end_one(request, row) for row in rows.select_related("owner"))
    if ended:
        messages.success(request, _("Ended: %(count)s") % {"count": ended})
    else:
        messages.info(request, _("Choose customers that are yours to end."))
    return redirect("recipe-run", uid=uid)


def end_one(request: StaffRequest, row: MissingRow) -> bool:
    ids = ExternalId.objects.filter(
        source=row.owner.source_id, kind=ExternalId.Kind.ACCOUNT, value=row.value
    ).values("engagement")
    mine = writable(request.user, request.role).filter(pk__in=ids, ended_on=None).first()
    if mine is None:
        return False
    end_engagement(engagement=mine, on=local_today(), by=request.user)
    announce([mine.pk])
    MissingRow.objects.filter(pk=row.pk).update(ended_at=timezone.now())
    return True
