"""Requests about imports."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from banso.base.models import User
from banso.base.notices import opened
from banso.base.routes import StaffRequest
from banso.events import actions, pages
from banso.events.access import hidden_in, import_or_404, require_handle
from banso.events.fields import FIELDS
from banso.events.models import Import, Kind
from banso.events.recipes import mend
from banso.events.samples import sample
from banso.events.sources import source_named
from banso.events.undo import CannotUndo, ask_undo
from banso.events.wording import said_of_row
from banso.web.csv import csv_response
from banso.web.tables import TableState

LARGEST = 100 * 1024 * 1024
LARGEST_TEXT = 25 * 1024 * 1024


def imports(request: StaffRequest) -> HttpResponse:
    if request.method == "POST":
        return upload(request)
    state = TableState.read(request.GET, sortable=(), default="", path=request.path)
    page = pages.imports_page(request.user, request.role, state)
    return render(request, "events/imports.html", {"page": page})


def upload(request: StaffRequest) -> HttpResponse:
    """One import for each file; a single one is opened at once."""
    kind = request.POST.get("kind", "")
    kind = kind if kind in Kind.values else ""
    source = source_named(request.POST.get("source", ""), by=request.user)
    made = []
    for file in request.FILES.getlist("file"):
        name = file.name or "file"
        largest = largest_of(name)
        if (file.size or 0) > largest:
            words = {"name": name, "limit": largest // 1024 // 1024}
            told = _("%(name)s is larger than %(limit)s MB; import it from the command line.")
            messages.error(request, told % words)
            continue
        made.append(
            actions.upload(by=request.user, stream=file, name=name, kind=kind, source=source)
        )
    if not made and not request.FILES:
        messages.error(request, _("Choose a file first."))
    return redirect("import", uid=made[0].uid) if len(made) == 1 else redirect("imports")


def largest_of(name: str) -> int:
    """The size a browser may send, in bytes."""
    return LARGEST if name.casefold().endswith(".parquet") else LARGEST_TEXT


def one(request: StaffRequest, uid: str) -> HttpResponse:
    owner = import_or_404(request.user, uid)
    if request.method == "POST":
        require_handle(request.user, request.role, owner)
        try:
            look_again(owner, request)
        except actions.NotNow:
            messages.info(request, _("This import has moved on meanwhile."))
        return redirect("import", uid=uid)
    opened(request.user, verb="import.ended", subject_id=owner.pk)
    page = pages.import_page(request.user, request.role, owner)
    return render(request, "events/import.html", {"page": page})


def confirm(request: StaffRequest, uid: str) -> HttpResponse:
    """Take the choices of the form; import when nothing is lacking."""
    owner = handled(request, uid)
    try:
        if "c0" in request.POST:
            look_again(owner, request)
        actions.confirm(by=request.user, owner=owner, skip_bad="skip_bad" in request.POST)
        if "remember" in request.POST:
            mend(owner=Import.objects.select_related("part__recipe").get(uid=uid), by=request.user)
    except actions.NotNow:
        messages.error(request, _("Choose what the file is and its columns first."))
    return redirect("import", uid=uid)


def cancel(request: StaffRequest, uid: str) -> HttpResponse:
    owner = handled(request, uid)
    try:
        actions.cancel(by=request.user, owner=owner)
    except actions.NotNow:
        messages.info(request, _("This import has moved on meanwhile."))
    return redirect("import", uid=uid)


def retry(request: StaffRequest, uid: str) -> HttpResponse:
    """Go on with one that failed."""
    owner = handled(request, uid)
    try:
        actions.retry(by=request.user, owner=owner)
    except actions.NotNow:
        messages.info(request, _("The file is not kept any more; upload it again."))
    return redirect("import", uid=uid)


def take_back(request: StaffRequest, uid: str) -> HttpResponse:
    owner = handled(request, uid)
    try:
        ask_undo(by=request.user, owner=owner)
    except CannotUndo:
        messages.info(request, _("This import has moved on meanwhile."))
    return redirect("import", uid=uid)


def handled(request: StaffRequest, uid: str) -> Import:
    """The import of that name; 403 for a colleague's."""
    owner = import_or_404(request.user, uid)
    require_handle(request.user, request.role, owner)
    return owner


def again(request: StaffRequest, uid: str) -> HttpResponse:
    """Another sheet of the same file."""
    owner = handled(request, uid)
    sheet = request.POST.get("sheet", "")
    if sheet not in owner.inspection.get("others", []):
        messages.info(request, _("This import has moved on meanwhile."))
        return redirect("import", uid=uid)
    try:
        other = actions.again(by=request.user, owner=owner, sheet=sheet)
    except actions.NotNow:
        messages.error(request, _("The file is not kept any more; upload it again."))
        return redirect("import", uid=uid)
    actions.look(owner=other, sheet=sheet)
    return redirect("import", uid=other.uid)


def problems(request: StaffRequest, uid: str) -> HttpResponseBase:
    """What is wrong in the file, as a file."""
    owner = import_or_404(request.user, uid)
    header = [_("Row"), _("Column"), _("Found"), _("Problem"), _("What to do")]
    rows = []
    hidden = hidden_in(request.user, owner)
    for each in owner.problems.all():
        said, found = said_of_row(each), hidden.shown(each.found)
        rows.append([each.line, each.column, found, said.what, said.help])
    return csv_response(f"{owner.file_name}-{_('problems')}", header, rows)


def template(request: StaffRequest, kind: str) -> HttpResponseBase:
    """A small file of that kind to fill in."""
    if kind not in Kind.values:
        raise Http404
    header, *rows = sample(kind, request.user.language)
    return csv_response(f"banso-{kind}", header, rows)


def look_again(owner: Import, request: StaffRequest) -> None:
    """Look at the file with the choices of the form; other rows or another kind are guessed
    anew, and names of colleagues remembered."""
    kept = request.POST
    kind = kept.get("kind", owner.kind)
    kind = kind if kind in Kind.values else ""
    sheet = kept.get("sheet", owner.sheet)
    line = header_line(kept, owner)
    same = (kind, sheet, line) == (owner.kind, owner.sheet, owner.header_row)
    remember_colleagues(request.user, kept)
    actions.look(
        owner=owner,
        kind=kind,
        sheet=sheet,
        header_row=line if sheet == owner.sheet else None,
        mapping=chosen_columns(kept, kind) if same else None,
        source=source_named(kept["source"], by=request.user) if "source" in kept else None,
    )


def header_line(kept: QueryDict, owner: Import) -> int | None:
    text = kept.get("header_row", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else owner.header_row


def chosen_columns(kept: QueryDict, kind: str) -> dict[str, int] | None:
    """The field of each column; of a field chosen twice the first column counts."""
    columns: dict[str, int] = {}
    for number in range(200):
        field = kept.get(f"c{number}", "")
        if kind and field in FIELDS[kind]:
            columns.setdefault(field, number)
    return columns or None


def remember_colleagues(by: User, kept: QueryDict) -> None:
    names = kept.getlist("colleague_name")
    chosen = kept.getlist("colleague")
    for name, uid in zip(names, chosen, strict=False):
        user = User.objects.filter(uid=uid, is_active=True).first() if uid else None
        if user:
            actions.name_staff(by=by, name=name[:120], user=user)
