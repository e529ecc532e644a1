"""Answers of the pages of notifications: access, form, action, response."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from banso.base import notice_actions as actions
from banso.base import notice_pages as pages
from banso.base import notices
from banso.base.mailing import user_of
from banso.base.models import Notification
from banso.base.notice_forms import TimesForm, kind_forms
from banso.base.routes import StaffRequest


def listed(request: StaffRequest) -> HttpResponse:
    """All notifications of the user; for htmx the bell's panel with the latest."""
    if request.htmx and "panel" in request.GET:
        return render(request, "base/bell_panel.html", {"panel": pages.panel(request.user)})
    asked = request.GET.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    page = pages.notices_page(request.user, show=request.GET.get("show", ""), page=number)
    return render(request, "base/notifications.html", {"page": page})


def read(request: StaffRequest, uid: str) -> HttpResponse:
    if not actions.mark_read(user=request.user, uid=uid):
        raise Http404
    return redirect("notifications")


def read_all(request: StaffRequest) -> HttpResponse:
    actions.mark_all_read(user=request.user)
    return redirect("notifications")


def mute(request: StaffRequest, uid: str) -> HttpResponse:
    """No more of this customer, or of this kind."""
    row = get_object_or_404(Notification, user=request.user, uid=uid)
    if request.POST.get("what") == "customer" and row.engagement_id is not None:
        actions.mute_customer(user=request.user, engagement_id=row.engagement_id)
        messages.success(request, _("No more notifications of this customer."))
    else:
        actions.mute_kind(user=request.user, verb=row.verb)
        messages.success(request, _("No more notifications of this kind."))
    return redirect("notifications")


def unmute(request: StaffRequest) -> HttpResponse:
    """Hear of a customer again."""
    rules = request.user.notification_rules.filter(engagement_id__isnull=False)
    ids = [each for each in rules.values_list("engagement_id", flat=True) if each is not None]
    for engagement in notices.READABLE[-1](request.user, ids).values():
        if engagement.uid == request.POST.get("customer"):
            actions.unmute_customer(user=request.user, engagement_id=engagement.pk)
    return redirect("notification-choices")


def choices(request: StaffRequest) -> HttpResponse:
    """How each kind reaches the user, and when mail comes."""
    data = request.POST if request.method == "POST" else None
    kinds = kind_forms(request.user, data)
    times = TimesForm(data, user=request.user, workspace=request.workspace)
    if data is not None and times.is_valid() and all(form.is_valid() for form in kinds):
        for form in kinds:
            if form.cleaned_data["how"] != form.chosen:
                actions.choose(user=request.user, verb=form.verb, how=form.cleaned_data["how"])
        actions.set_times(user=request.user, times=times.times())
        messages.success(request, _("Saved."))
        return redirect("notification-choices")
    page = pages.choices_page(request.user, kinds, times)
    status = 422 if data is not None else 200
    return render(request, "base/notification_choices.html", {"page": page}, status=status)


def preview(request: StaffRequest) -> HttpResponse:
    """The daily mail as it would be now."""
    page = pages.preview_page(request.user, timezone.now())
    return render(request, "base/digest_preview.html", {"page": page})


@csrf_exempt
def unsubscribe(request: HttpRequest, secret: str) -> HttpResponse:
    """Ends mail to whose signed address this is: one click in the mail program (RFC 8058), or
    the button of this page. It asks for no sign-in and shows nobody's name."""
    user = user_of(secret)
    if user is None:
        raise Http404
    if request.method == "POST":
        actions.stop_mail(user=user)
    return render(request, "base/unsubscribe.html", {"stopped": request.method == "POST"})
