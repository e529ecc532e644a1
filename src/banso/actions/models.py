"""The daily loop: what was said, what comes next, what may wait."""

from django.db import models
from django.db.models import Q

from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.parties.models import Party


class Contact(models.Model):
    """A call, mail, meeting, visit or chat: who, when, what was said (verbatim)."""

    class Channel(models.TextChoices):
        CALL = "call"
        MAIL = "mail"
        MEETING = "meeting"
        VISIT = "visit"
        CHAT = "chat"
        OTHER = "other"

    uid = UidField()
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.CALL)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    staff_name = models.CharField(max_length=120, blank=True)
    people = models.ManyToManyField(Party, blank=True, related_name="contacts")
    summary = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["engagement", "-occurred_at"], name="contact_of_engagement"),
            models.Index(fields=["-occurred_at"], name="contact_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.uid}"


class Action(models.Model):
    """An owned next step with a due date; closed once, as done or dropped.

    `side` says who does it: we, or they (then the owner sees to it). Only a `shared` step is
    ever shown to the other side. One that comes again (`every`) `follows` the one before it once
    that is done; its days are counted from the first of the series, so that a step of the 31st
    does not wander.
    """

    class Every(models.TextChoices):
        ONCE = ""
        WEEK = "week"
        TWO_WEEKS = "two_weeks"
        MONTH = "month"
        QUARTER = "quarter"

    class Side(models.TextChoices):
        OURS = "ours"
        THEIRS = "theirs"

    class Closed(models.TextChoices):
        OPEN = ""
        DONE = "done"
        DROPPED = "dropped"

    uid = UidField()
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="actions")
    title = models.CharField(max_length=300)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="actions")
    due_on = models.DateField()
    side = models.CharField(max_length=6, choices=Side.choices, default=Side.OURS)
    shared = models.BooleanField(default=False)
    every = models.CharField(max_length=10, choices=Every.choices, default=Every.ONCE, blank=True)
    every_from = models.DateField(null=True, blank=True)
    follows = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="followed_by"
    )
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="actions"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="actions_created"
    )
    closed_as = models.CharField(
        max_length=10, choices=Closed.choices, default=Closed.OPEN, blank=True
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="actions_closed"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_as="", closed_at=None)
                | (~Q(closed_as="") & Q(closed_at__isnull=False)),
                name="action_closed_with_its_time",
            ),
            models.CheckConstraint(
                condition=Q(every="", every_from=None)
                | (~Q(every="") & Q(every_from__isnull=False)),
                name="action_comes_again_from_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["engagement", "due_on"], condition=Q(closed_as=""), name="action_open"
            ),
            models.Index(fields=["owner", "due_on"], condition=Q(closed_as=""), name="action_mine"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class SetAside(models.Model):
    """Somebody decided that an engagement may wait: until a day, or because it is no concern.

    `gap_then` is the gap that was looked at, so that a real worsening brings it back.
    """

    class Kind(models.TextChoices):
        SNOOZE = "snooze"
        NO_CONCERN = "no_concern"

    uid = UidField()
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="set_asides")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    until = models.DateField()
    reason = models.TextField(blank=True)
    gap_then = models.FloatField(null=True, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(ended_at=None), name="one_open_set_aside"
            ),
            models.CheckConstraint(
                condition=~Q(kind="no_concern") | ~Q(reason=""), name="no_concern_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.engagement_id}"
