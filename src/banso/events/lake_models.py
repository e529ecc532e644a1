"""What the event lake consists of: batches that wait, and the manifest of its files."""

from django.db import models
from django.db.models import Q


class Inbox(models.Model):
    """Received events that are not yet in the lake: one batch of a source, as `blob`.

    Whoever loads it holds it by the token `worker` until `leased_until`; the row goes in the
    transaction in which its events appear in the manifest.
    """

    source = models.ForeignKey("events.Source", on_delete=models.PROTECT, related_name="inbox")
    received_at = models.DateTimeField()
    events = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()
    blob = models.BinaryField()
    leased_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(events__gt=0), name="inbox_has_events"),
            models.CheckConstraint(
                condition=Q(leased_until=None, worker="")
                | (Q(leased_until__isnull=False) & ~Q(worker="")),
                name="inbox_lease_has_a_worker",
            ),
        ]
        indexes = [models.Index(fields=["worker"], name="inbox_of_worker")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.received_at}"


class Drained(models.Model):
    """How far our own acts are in the inbox: the activity of `position` and all before it. Its
    row is number 1."""

    position = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="drained_is_one")]

    def __str__(self) -> str:
        return f"{self.position}"
