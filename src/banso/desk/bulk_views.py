"""Answers for many customers at once, and for the views one keeps of them."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.base.roles import MANAGERS
from banso.base.routes import StaffRequest
from banso.base.workspace import local_today
from banso.desk import bulk as actions
from banso.desk.bulk import Preview
from banso.desk.bulk_forms import FIELDS_OF, VERBS, BulkForm, ViewForm
from banso.desk.models import Bulk, BulkRow, View
from banso.desk.pages.customers import filtered, state_of
from banso.desk.saved_views import drop_view, href_of, keep_view, open_first
from banso.engagements.access import engagements

SHOWN = 50


@dataclass(frozen=True)
class BulkPage:
    """`words` go along in hidden fields: the rows ticked, or the query and "all"."""

    form: BulkForm
    verb: str
    verbs: list[tuple[str, object]]
    words: list[tuple[str, str]]
    total: int
    preview: Preview | None
    back: str

    @property
    def fields(self) -> list[BoundField]:
        """The fields of the verb."""
        return [self.form[name] for name in FIELDS_OF[self.verb]]


def bulk(request: StaffRequest) -> HttpResponse:
    """Choose the verb, look at what it would do, do it."""
    words = request.POST if request.method == "POST" else request.GET
    ids = selected(request, words)
    verb = words.get("verb", "")
    verb = verb if verb in actions.VERBS else Bulk.Verb.OWNER
    asked = request.POST if "verb" in request.POST else None
    form = BulkForm(asked, today=local_today(), verb=verb)
    page = BulkPage(form, verb, list(VERBS), kept(words), len(ids), None, back_to(words))
    if not ids or not form.is_valid():
        status = 422 if asked else 200
        return render(request, "desk/bulk.html", {"page": page}, status=status)
    values = form.values()
    if "confirmed" not in request.POST:
        seen = actions.preview(by=request.user, verb=verb, values=values, ids=ids)
        return render(request, "desk/bulk.html", {"page": replace(page, preview=seen)})
    done = actions.begin(by=request.user, verb=verb, values=values, ids=ids)
    return redirect("bulk-result", uid=done.uid)


def selected(request: StaffRequest, words: QueryDict) -> list[int]:
    """The customers ticked; or all that the table's words let through, on every page."""
    if words.get("all"):
        table = state_of(QueryDict(words.get("query", "")))
        rows = filtered(request.user, table, local_today())
    else:
        rows = filtered(request.user, state_of(QueryDict("state=all")), local_today())
        rows = rows.select_related(None).filter(engagement__uid__in=words.getlist("id"))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def kept(words: QueryDict) -> list[tuple[str, str]]:
    if words.get("all"):
        return [("all", "1"), ("query", words.get("query", ""))]
    return [("query", words.get("query", "")), *(("id", each) for each in words.getlist("id"))]


def back_to(words: QueryDict) -> str:
    return f"{reverse('customers')}?{words.get('query', '') or urlencode({'view': 'all'})}"


def own(request: StaffRequest, uid: str) -> Bulk:
    """For whoever asked, and managers."""
    found = get_object_or_404(Bulk.objects.select_related("by"), uid=uid)
    if found.by_id != request.user.pk and request.role not in MANAGERS:
        raise Http404
    return found


def result(request: StaffRequest, uid: str) -> HttpResponse:
    """How it came out; while the worker is at it, how far it is."""
    found = own(request, uid)
    readable = engagements(request.user).values("pk")
    skipped = found.rows.filter(state=BulkRow.State.SKIPPED, engagement__in=readable)
    page = {
        "bulk": found,
        "waiting": found.rows.filter(state=BulkRow.State.WAITING).count(),
        "skipped": skipped.select_related("engagement__party").order_by("pk")[:SHOWN],
        "restored": found.rows.filter(state=BulkRow.State.RESTORED).count(),
        "undoable": actions.undoable(found),
    }
    return render(request, "desk/bulk_result.html", {"page": page})


def undo(request: StaffRequest, uid: str) -> HttpResponse:
    found = own(request, uid)
    if not actions.undoable(found):
        messages.error(request, _("There is nothing to take back."))
    else:
        actions.undo(bulk=found, by=request.user)
        messages.success(request, _("The owners of before are back."))
    return redirect("bulk-result", uid=uid)


def views(request: StaffRequest) -> HttpResponse:
    """Keep what the table shows as a view."""
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the view a name."))
        return redirect("customers")
    view = keep_view(by=request.user, **form.cleaned_data)
    messages.success(request, _("The view is kept."))
    return redirect(href_of(view, reverse("customers")))


def change_view(request: StaffRequest, uid: str) -> HttpResponse:
    """Open first with it, or drop it; a shared one is dropped by its owner or a manager."""
    view = get_object_or_404(View, uid=uid)
    if view.owner_id != request.user.pk and not view.shared:
        raise Http404
    if "drop" not in request.POST:
        open_first(by=request.user, view=view, first="first" in request.POST)
        messages.success(request, _("Saved."))
        return redirect(href_of(view, reverse("customers")))
    if view.owner_id != request.user.pk and request.role not in MANAGERS:
        raise PermissionDenied
    drop_view(by=request.user, view=view)
    messages.success(request, _("The view is dropped."))
    return redirect(f"{reverse('customers')}?view=all")
