"""Where steps of plays post to, for administrators."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.base.models import User
from banso.base.routes import StaffRequest
from banso.engagements.access import readable
from banso.messages import webhooks
from banso.messages.forms import WebhookForm
from banso.messages.models import Posting, Webhook
from banso.web.paging import Listed, reach
from banso.web.tables import TableState

PER_PAGE = 30


@dataclass(frozen=True)
class WebhookPage:
    """`secret` is the new one, shown once."""

    webhook: Webhook | None
    form: WebhookForm
    secret: str
    listed: Page[Posting]
    state: TableState


def webhook(request: StaffRequest) -> HttpResponse:
    """Where it goes and what was posted; POST sets the address, drops it, or tries again."""
    form, secret = WebhookForm(request.POST if "address" in request.POST else None), ""
    if form.is_bound and form.is_valid():
        address = form.cleaned_data["address"]
        secret = webhooks.set_webhook(address=address, by=request.user)
        form = WebhookForm()
        messages.success(request, _("Saved."))
    elif request.method == "POST" and not form.is_bound:
        return done(request)
    page = webhook_page(request, form, secret)
    status = 422 if form.is_bound else 200
    return render(request, "messages/webhook.html", {"page": page}, status=status)


def done(request: StaffRequest) -> HttpResponse:
    if "drop" in request.POST:
        webhooks.drop_webhook(by=request.user)
        messages.success(request, _("Nothing is posted any more."))
    elif uid := request.POST.get("again"):
        row = get_object_or_404(postings(request.user), uid=uid)
        webhooks.post_again(posting=row, by=request.user)
        messages.success(request, _("It is posted again."))
    return redirect("webhook")


def postings(user: User) -> QuerySet[Posting]:
    return Posting.objects.filter(readable(user))


def webhook_page(request: StaffRequest, form: WebhookForm, secret: str) -> WebhookPage:
    rows = postings(request.user)
    size, more = reach(rows)
    ordered = rows.select_related("engagement__party").order_by("-made_at", "-id")
    told: Listed[Posting] = Listed(lambda first, last: list(ordered[first:last]), size, more)
    state = TableState.read(
        request.GET, sortable=("made",), default="-made", path=reverse("webhook")
    )
    return WebhookPage(
        webhook=Webhook.objects.first(),
        form=form,
        secret=secret,
        listed=Paginator(told, PER_PAGE).get_page(state.page),
        state=state,
    )
