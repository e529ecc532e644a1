"""Calendars that are read, what came in, and what it became."""

from django.db import models
from django.db.models import Q

from banso.actions.models import Contact
from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement


class Calendar(models.Model):
    """The calendar a member of staff lets us read. `sealed` is its secret address, encrypted and
    never shown again; `host` is all that pages say of it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar")
    sealed = models.TextField()
    host = models.CharField(max_length=255)
    connected_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    etag = models.CharField(max_length=255, blank=True)
    problem = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.host}"


class Feed(models.Model):
    """One's own days as a calendar to subscribe to; of its secret only a digest is kept."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.user_id)


class Item(models.Model):
    """A meeting or a mail with somebody outside. `key` names it in its source: the meeting's uid
    and occurrence, the mail's message id. `people` is [{"name", "email"}] of those outside.
    `fingerprint` tells whether it has changed since."""

    class Kind(models.TextChoices):
        MEETING = "meeting"
        MAIL = "mail"

    class State(models.TextChoices):
        WAITING = "waiting"
        TAKEN = "taken"
        DISMISSED = "dismissed"
        CANCELLED = "cancelled"

    uid = UidField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="inbound_items")
    key = models.CharField(max_length=64)
    series = models.CharField(max_length=64, blank=True)
    occurred_at = models.DateTimeField()
    title = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    people = models.JSONField(default=list)
    attachments = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    came_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="one_item_of_a_key"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(kind="mail"), name="one_mail_of_an_id"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "state", "-occurred_at"], name="item_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class ItemContact(models.Model):
    """The contact that an item became with one customer; withdrawn with the contact."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="contacts")
    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, related_name="came_from")

    def __str__(self) -> str:
        return f"{self.item_id} {self.contact_id}"


class Rule(models.Model):
    """A person said: whoever writes from here belongs to that customer; without a customer: to
    none, leave it out. `address` is a whole address, or a domain."""

    address = models.CharField(max_length=254, unique=True)
    engagement = models.ForeignKey(
        Engagement, null=True, on_delete=models.CASCADE, related_name="inbound_rules"
    )
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.address


class Refusal(models.Model):
    """A mail that was not taken, and why; nothing of what it said."""

    class Reason(models.TextChoices):
        UNKNOWN_SENDER = "unknown_sender"
        NOT_AUTHENTIC = "not_authentic"
        UNREADABLE = "unreadable"

    digest = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=14, choices=Reason.choices)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.reason
