"""What a member of staff has seen, what books added up to, and who handed over what to whom."""

from django.db import models
from django.db.models import Q

from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement


class Look(models.Model):
    """A user's sittings at Today: `since` is the end of the one before, `at` the latest look."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE)
    since = models.DateTimeField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.at}"


class BookDay(models.Model):
    """What an owner's book (None: nobody's) added up to after a round; money in minor units.

    `gap_sum` over the `measured` customers. Written by each round, so that a month ago can be
    compared without computing that day again.
    """

    day = models.DateField()
    owner = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="book_days")
    customers = models.PositiveIntegerField()
    annual_minor = models.BigIntegerField()
    stake = models.BigIntegerField()
    gap_sum = models.FloatField()
    measured = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "owner"], name="one_book_day_an_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.owner_id}"


class Handover(models.Model):
    """Customers go from one owner to others: planned for a day, done, taken back or withdrawn.

    `leaver` is None for customers nobody looked after; with `ends` their access ends too. `rule`
    shares out what the leaver was given after the plan. `kept` is what else taking back needs:
    the ended grant, and the open actions that went along from other people's customers.
    """

    class Rule(models.TextChoices):
        ONE = "one"
        SEGMENT = "segment"
        BALANCED = "balanced"

    uid = UidField()
    leaver = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="handovers_from"
    )
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="handovers_by")
    whole = models.BooleanField(default=False)
    rule = models.CharField(max_length=8, choices=Rule.choices, default=Rule.ONE)
    ends = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    effective_on = models.DateField()
    planned_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    kept = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["leaver"],
                condition=Q(whole=True, done_at=None, withdrawn_at=None),
                name="one_planned_handover_a_leaver",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(done_at__isnull=False),
                name="only_what_was_done_is_undone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_on"],
                condition=Q(done_at=None, withdrawn_at=None),
                name="handover_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.uid


class HandoverItem(models.Model):
    """One customer of a hand-over: to whom, and what the leaver passes on in words.

    `actions` are the ids of the open actions that went along; `skipped` says why it stayed.
    """

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="items")
    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="handover_items"
    )
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handovers_to")
    note = models.TextField(blank=True)
    noted_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    actions = models.JSONField(default=list)
    skipped = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "engagement"], name="one_item_a_customer_of_a_handover"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handover_id} {self.engagement_id}"


class View(models.Model):
    """A way of looking at the customers: search, filters, order and columns, as the query of its
    address; its owner's, or everybody's to use."""

    uid = UidField()
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="views")
    name = models.CharField(max_length=60)
    shared = models.BooleanField(default=False)
    query = models.CharField(max_length=2000, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_a_name"),
        ]

    def __str__(self) -> str:
        return self.uid


class FirstView(models.Model):
    """The view a user's customers open with."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE)
    view = models.ForeignKey(View, on_delete=models.CASCADE, related_name="first_of")

    def __str__(self) -> str:
        return f"{self.user_id} {self.view_id}"


class Bulk(models.Model):
    """One verb for many customers: who asked for what, and how it came out.

    `values` holds ids, codes and the typed text; `skipped` counts the rows left as they were, by
    reason. It runs in short transactions and goes on where it stopped.
    """

    class Verb(models.TextChoices):
        OWNER = "owner"
        TOUCH = "touch"
        SEGMENT = "segment"
        STAGE = "stage"
        ACTION = "action"
        SET_ASIDE = "set_aside"

    uid = UidField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="bulks")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    values = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=dict)
    asked_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.uid


class BulkRow(models.Model):
    """One customer of a bulk: waiting, changed (with what was before) or skipped and why."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CHANGED = "changed"
        SKIPPED = "skipped"
        RESTORED = "restored"

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="rows")
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="bulk_rows")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=20, blank=True)
    before = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bulk", "engagement"], name="one_row_a_customer_a_bulk"
            ),
        ]
        indexes = [models.Index(fields=["bulk", "state", "id"], name="bulk_rows_by_state")]

    def __str__(self) -> str:
        return f"{self.bulk_id} {self.engagement_id} {self.state}"
