"""What the event lake consists of: batches that wait, and the manifest of its files."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from banso.base.fields import UidField


class Inbox(models.Model):
    """Received events that are not yet in the lake: one batch of a source, as `blob`.

    Whoever loads it holds it by the token `worker` until `leased_until`; the row goes in the
    transaction in which its events appear in the manifest. One that failed `tries` times by
    itself, with the last `error` at `tried_at`, is set aside until somebody says to try again.
    """

    source = models.ForeignKey("events.Source", on_delete=models.PROTECT, related_name="inbox")
    received_at = models.DateTimeField()
    events = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()
    blob = models.BinaryField()
    leased_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=16, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    is_aside = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(events__gt=0), name="inbox_has_events"),
            models.CheckConstraint(
                condition=Q(leased_until=None, worker="")
                | (Q(leased_until__isnull=False) & ~Q(worker="")),
                name="inbox_lease_has_a_worker",
            ),
        ]
        indexes = [
            models.Index(fields=["worker"], name="inbox_of_worker"),
            models.Index(fields=["id"], condition=Q(is_aside=True), name="inbox_set_aside"),
        ]

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


class LakePart(models.Model):
    """One file of the event lake. These rows are the manifest; a file that none of them names
    does not exist for readers.

    Of imports it is a calendar month, made anew with every import that touches it; of received
    events a local day or, of a month that is over, the month, and there may be several. Days are
    those of `zone`; `generation` counts how often its rows were written.
    """

    class Origin(models.TextChoices):
        IMPORTED = "imported"
        RECEIVED = "received"

    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.IMPORTED)
    first_day = models.DateField()
    last_day = models.DateField()
    first_event_on = models.DateField()
    zone = models.CharField(max_length=64, default="")
    generation = models.PositiveIntegerField()
    path = models.CharField(max_length=255, unique=True)
    rows = models.PositiveIntegerField()
    weight = models.BigIntegerField()
    bytes = models.PositiveBigIntegerField(default=0)
    checksum = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="part_ends_after_it_began"
            ),
            models.CheckConstraint(condition=Q(rows__gt=0), name="part_has_rows"),
            models.UniqueConstraint(
                fields=["first_day"],
                condition=Q(origin="imported"),
                name="one_imported_part_of_a_month",
            ),
        ]
        indexes = [models.Index(fields=["first_day", "last_day"], name="part_of_days")]

    def __str__(self) -> str:
        return self.path


class RetiredFile(models.Model):
    """A file the manifest named until then; readers that were given it may still open it."""

    path = models.CharField(max_length=255, unique=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="retired_since")]

    def __str__(self) -> str:
        return self.path


class Erasure(models.Model):
    """Somebody's events are taken out of the lake. `ids` are [source, person] as long as that
    goes on, then none; `events` and `files` count what was taken out and written anew."""

    uid = UidField()
    party = models.ForeignKey(
        "parties.Party", null=True, on_delete=models.SET_NULL, related_name="erasures"
    )
    by = models.ForeignKey("base.User", null=True, on_delete=models.SET_NULL, related_name="+")
    ids = models.JSONField(default=list)
    events = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(ids=[]), name="erasure_forgets_ids_when_done"
            ),
        ]

    def __str__(self) -> str:
        return self.uid


class BarredId(models.Model):
    """An outside id whose events the lake does not take any more, by banso.engine.barred's
    digest."""

    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="barred")
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.digest


class SeenEvent(models.Model):
    """An event name that a source has sent: how many came into the lake, of which days."""

    source = models.ForeignKey("events.Source", on_delete=models.CASCADE, related_name="seen")
    name = models.CharField(max_length=200)
    rows = models.PositiveBigIntegerField(default=0)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "name"], name="one_seen_event"),
        ]

    def __str__(self) -> str:
        return self.name


class SeenProperty(models.Model):
    """A property that an event was seen with: its types and some of its texts."""

    event = models.ForeignKey(SeenEvent, on_delete=models.CASCADE, related_name="properties")
    name = models.CharField(max_length=200)
    kinds = models.JSONField(default=list)
    values = models.JSONField(default=list)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="one_seen_property"),
        ]

    def __str__(self) -> str:
        return self.name
