"""Sharing with the other side: versions, links, codes and answers."""

from django.db import models
from django.db.models import Q

from banso.actions.models import Action
from banso.base.fields import UidField
from banso.base.models import User
from banso.goals.models.plans import Goal
from banso.parties.models import Party


class PlanVersion(models.Model):
    """What was shown to the other side, numbered per goal and never changed.

    `content` is the share-safe page of banso.goals.share_content; `terms` are the plan's own
    words and numbers of that moment, by which a later change is noticed.
    """

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="plan_versions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    terms = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["goal", "number"], name="one_version_each_number"),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} v{self.number}"


class ShareLink(models.Model):
    """A private way for one person to see one version of a plan and to answer it.

    The secret is stored only as a digest. `name` and `email` are whom it is for, also where no
    person of theirs was chosen. With `code_required` a code sent to `email` opens the page.
    """

    class Language(models.TextChoices):
        JA = "ja"
        EN = "en"

    uid = UidField()
    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="links")
    person = models.ForeignKey(Party, null=True, blank=True, on_delete=models.SET_NULL)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.JA)
    digest = models.CharField(max_length=64, unique=True)
    code_required = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="links_made"
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="links_revoked"
    )
    opened = models.PositiveIntegerField(default=0)
    first_opened_at = models.DateTimeField(null=True, blank=True)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code_required=False) | ~Q(email=""), name="code_needs_an_address"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="link_is_for_somebody"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class ShareCode(models.Model):
    """A code sent to a link's address, as a keyed digest; it opens the page once."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["link", "-sent_at"], name="code_of_link")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.sent_at:%H:%M}"


class Reply(models.Model):
    """What the other side answered to a version: yes, or "not quite" in their own words.

    `action` is the step by which we answer; a reply is open while that step is.
    """

    uid = UidField()
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="replies")
    link = models.ForeignKey(
        ShareLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="replies"
    )
    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="replies")
    agreed = models.BooleanField()
    words = models.TextField(blank=True)
    name = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.SET_NULL, related_name="replies"
    )

    class Meta:
        verbose_name_plural = "replies"
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed=True) | ~Q(words=""), name="not_quite_says_what"
            ),
            models.UniqueConstraint(
                fields=["link"], condition=Q(agreed=True), name="one_yes_a_link"
            ),
        ]
        indexes = [models.Index(fields=["goal", "-at"], name="reply_latest")]

    def __str__(self) -> str:
        return str(self.uid)
