"""Answers of the pages of comments: access, form, action, response."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from banso.base.notices import opened
from banso.base.routes import StaffRequest
from banso.engagements.access import engagement_or_404, readers
from banso.engagements.models import Engagement
from banso.goals.models import Goal
from banso.talk import actions, pages
from banso.talk.access import comment_or_404, may_delete, may_edit
from banso.talk.actions import About
from banso.talk.forms import CommentForm
from banso.talk.models import Comment


def latest(request: StaffRequest) -> HttpResponse:
    """The latest comments, those that mention the reader, or those found by their words."""
    q, mine = request.GET.get("q", "").strip()[:200], bool(request.GET.get("mine"))
    page = pages.comments_page(request.user, request.role, q=q, mine=mine)
    return render(request, "talk/comments.html", {"page": page})


def thread(request: StaffRequest, uid: str) -> HttpResponse:
    """The comments on a customer, and the next one; a fragment for the customer's page."""
    engagement = engagement_or_404(request.user, uid)
    about = about_of(engagement, request.POST.get("about") or request.GET.get("about", ""))
    form = CommentForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["text"]
        actions.comment(engagement=engagement, by=request.user, text=text, about=about)
        if not request.htmx:
            messages.success(request, _("The comment is written."))
            return redirect(f"{reverse('customer', args=[uid])}#talk")
        form = CommentForm()
    opened(request.user, engagement_id=engagement.pk)
    page = pages.thread(
        engagement,
        user=request.user,
        role=request.role,
        about=about.action or about.contact or about.goal,
        form=form,
        whole=not request.htmx or "whole" in request.POST,
    )
    status = 422 if form.is_bound else 200
    template = "talk/_thread.html" if request.htmx else "talk/thread.html"
    return render(request, template, {"thread": page}, status=status)


def about_of(engagement: Engagement, word: str) -> About:
    """What "action:<uid>", "contact:<uid>" or "plan" names of the engagement; Http404 for what
    it has not."""
    kind, _, uid = word.partition(":")
    if not kind:
        return About()
    if kind == "action":
        found = About(action=engagement.actions.filter(uid=uid).first())
    elif kind == "contact":
        found = About(contact=engagement.contacts.filter(uid=uid).first())
    else:
        found = About(goal=Goal.objects.filter(engagement=engagement).first())
    if found == About():
        raise Http404
    return found


def edit(request: StaffRequest, uid: str) -> HttpResponse:
    """Put one's own comment differently, for a day; nobody edits another's."""
    comment = comment_or_404(request.user, uid)
    if comment.by_id != request.user.pk:
        raise Http404
    if not may_edit(request.user, comment):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = CommentForm(data, initial={"text": comment.text})
    if form.is_bound and form.is_valid():
        actions.edit_comment(comment=comment, by=request.user, text=form.cleaned_data["text"])
        messages.success(request, _("The comment is changed."))
        return back_to(comment)
    page = pages.EditPage(comment, comment.engagement, form)
    status = 422 if form.is_bound else 200
    return render(request, "talk/edit.html", {"page": page}, status=status)


def delete(request: StaffRequest, uid: str) -> HttpResponse:
    """Blank a comment in place."""
    comment = comment_or_404(request.user, uid)
    if not may_delete(request.user, request.role, comment):
        raise PermissionDenied
    actions.delete_comment(comment=comment, by=request.user)
    messages.success(request, _("The comment is deleted."))
    return back_to(comment)


def follow(request: StaffRequest, uid: str) -> HttpResponse:
    """Hear of the customer's comments, or not any more."""
    engagement = engagement_or_404(request.user, uid)
    actions.follow(engagement=engagement, by=request.user, on=request.POST.get("on") == "1")
    return redirect(f"{reverse('customer', args=[uid])}#talk")


def colleagues(request: StaffRequest, uid: str) -> HttpResponse:
    """Who may be mentioned: the options of the menu behind @."""
    engagement = engagement_or_404(request.user, uid)
    names = readers(engagement).exclude(pk=request.user.pk).values_list("name", flat=True)
    return render(request, "talk/colleagues.html", {"names": list(names)})


def back_to(comment: Comment) -> HttpResponse:
    return redirect(f"{reverse('customer', args=[comment.engagement.uid])}#talk")
