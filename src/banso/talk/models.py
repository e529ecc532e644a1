"""Comments of colleagues, whom they mention, and who follows which customer."""

from django.db import models
from django.db.models import Q

from banso.actions.models import Action, Contact
from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.goals.models import Goal


class Comment(models.Model):
    """A word to colleagues about an engagement, or about one of its actions, contacts or its
    plan (at most one of the three keys). Never shown to the other side.

    Deleting blanks the text in place: what others answered keeps its sense.
    """

    uid = UidField()
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="comments")
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    goal = models.ForeignKey(
        Goal, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="comments")
    text = models.TextField(max_length=5000, blank=True)
    mentions = models.ManyToManyField(User, blank=True, related_name="mentioned_in")
    at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(action=None, contact=None)
                | Q(action=None, goal=None)
                | Q(contact=None, goal=None),
                name="comment_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=(Q(deleted_at=None) & ~Q(text="")) | Q(deleted_at__isnull=False, text=""),
                name="comment_says_something_until_deleted",
            ),
        ]
        indexes = [
            models.Index(fields=["engagement", "-at", "-id"], name="comment_of_engagement"),
            models.Index(fields=["-at"], name="comment_latest"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Follow(models.Model):
    """Somebody chose to hear of an engagement's comments, or not to (`on` false). An owner who
    never chose hears of them."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="follows")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows")
    on = models.BooleanField(default=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "user"], name="one_follow_each"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {'follows' if self.on else 'left'} {self.engagement_id}"
