"""A customer relationship and its contracts."""

from django.db import models
from django.db.models import F, Q

from banso.base.fields import UidField
from banso.base.models import User
from banso.parties.models import Party


class Engagement(models.Model):
    """The running-alongside of one party for one purpose; step 1 knows customers."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer"

    class Touch(models.TextChoices):
        HIGH = "high"
        LOW = "low"
        TECH = "tech"

    uid = UidField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="engagements")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.CUSTOMER)
    segment = models.CharField(max_length=120, blank=True)
    touch = models.CharField(max_length=4, choices=Touch.choices, default=Touch.LOW)
    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="engagements"
    )
    owner_name = models.CharField(max_length=120, blank=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    restricted = models.BooleanField(default=False)
    restricted_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="merged",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "kind"], name="one_engagement_per_kind"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="engagement_is_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=F("started_on")),
                name="engagement_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(restricted=False) | ~Q(restricted_reason=""),
                name="restricted_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["restricted"], name="engagement_by_restricted"),
            models.Index(
                fields=["owner"], condition=Q(restricted=True), name="engagement_restricted"
            ),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="engagement_merged",
            ),
            models.Index(fields=["segment", "id"], name="engagement_by_segment"),
            models.Index(fields=["owner_name", "id"], name="engagement_by_owner_name"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class EngagementReader(models.Model):
    """A colleague named to read a restricted engagement, beside its owner and administrators."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reads")
    named_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    named_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "user"], name="one_reader_each"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} reads {self.engagement_id}"


class Contract(models.Model):
    """What an engagement is worth, from start until the day before `end_on`.

    `annual_minor` is the yearly value in the currency's minor unit. The outcome counts from
    the day it was known; until then the contract runs or, past its end, is pending.
    """

    class Outcome(models.TextChoices):
        OPEN = ""
        RENEWED = "renewed"
        CHURNED = "churned"

    uid = UidField()
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="contracts")
    reference = models.CharField(max_length=120, blank=True)
    start_on = models.DateField()
    end_on = models.DateField()
    notice_on = models.DateField(null=True, blank=True)
    plan = models.CharField(max_length=120, blank=True)
    seats = models.PositiveIntegerField(null=True, blank=True)
    annual_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.OPEN, blank=True
    )
    outcome_known_on = models.DateField(null=True, blank=True)
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="next"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end_on__gt=F("start_on")), name="contract_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_known_on=None)
                | (~Q(outcome="") & Q(outcome_known_on__isnull=False)),
                name="contract_outcome_has_its_day",
            ),
        ]
        indexes = [
            models.Index(fields=["engagement", "end_on"], name="contract_of_engagement"),
            models.Index(fields=["end_on"], name="contract_end"),
            models.Index(fields=["start_on"], name="contract_start"),
            models.Index(fields=["outcome_known_on"], name="contract_known"),
        ]

    def __str__(self) -> str:
        return self.reference or self.uid


class ExchangeRate(models.Model):
    """How many units of the workspace's currency one unit of `currency` is worth from a day on."""

    currency = models.CharField(max_length=3)
    since = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "since"], name="one_rate_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.since}"
