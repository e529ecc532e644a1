"""Alerts, who does not want which, and what came of them in the past."""

from django.db import models
from django.db.models import Q

from banso.actions.models import Action, Contact
from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.parties.models import Party


class Kind(models.TextChoices):
    NEW_LOW = "new_low"
    SILENT = "silent"
    CHAMPION_QUIET = "champion_quiet"
    SPIKE = "spike"
    RECOVERED = "recovered"


class Alert(models.Model):
    """One move of a customer that its own past does not explain, on a local day.

    `levels` is a set of bits: bit L - 1 says that it fires at level L of sensitivity (1: fewest
    alerts, 5: most). `reason` holds the codes and numbers of its sentence. It is closed by what
    was done about it, or by somebody who has seen it.
    """

    class Closed(models.TextChoices):
        OPEN = ""
        ACTED = "acted"
        SEEN = "seen"

    uid = UidField()
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    day = models.DateField()
    levels = models.PositiveSmallIntegerField()
    reason = models.JSONField(default=dict)
    person = models.ForeignKey(Party, null=True, blank=True, on_delete=models.SET_NULL)
    raised_at = models.DateTimeField(auto_now_add=True)
    closed_as = models.CharField(
        max_length=5, choices=Closed.choices, default=Closed.OPEN, blank=True
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL)
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "kind", "day"], name="one_alert_of_a_kind_a_day"
            ),
            models.CheckConstraint(
                condition=Q(levels__gte=1, levels__lte=31), name="alert_fires_at_some_level"
            ),
            models.CheckConstraint(
                condition=Q(closed_as="", closed_at=None)
                | (~Q(closed_as="") & Q(closed_at__isnull=False)),
                name="alert_closed_with_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-day", "-id"], name="alert_latest"),
            models.Index(fields=["engagement", "-day"], name="alert_of_engagement"),
            models.Index(fields=["engagement"], condition=Q(closed_as=""), name="alert_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.engagement_id} {self.day}"


class AlertLevel(models.Model):
    """How sensitive a kind is: for one user, or (user null) where nobody chose. 0 is off."""

    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="alert_levels"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices)
    level = models.PositiveSmallIntegerField()
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_level_a_kind"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(user=None), name="one_common_level_a_kind"
            ),
            models.CheckConstraint(condition=Q(level__lte=5), name="alert_level_up_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.level}"


class AlertMute(models.Model):
    """A user does not want to hear of a customer (all kinds where `kind` is empty), or of a kind,
    until a day."""

    uid = UidField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="alert_mutes")
    engagement = models.ForeignKey(
        Engagement, null=True, blank=True, on_delete=models.CASCADE, related_name="alert_mutes"
    )
    kind = models.CharField(max_length=16, choices=Kind.choices, blank=True)
    until = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(engagement__isnull=False) | ~Q(kind=""), name="mute_names_something"
            ),
        ]
        indexes = [models.Index(fields=["user", "until"], name="mute_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.until}"


class AlertRecord(models.Model):
    """What came of a rule at a level over the past year of this company: how many alerts it would
    have raised, and how many a real change followed. `rule` is a kind or a naive rule."""

    rule = models.CharField(max_length=16)
    level = models.PositiveSmallIntegerField()
    as_of = models.DateField()
    weeks = models.PositiveSmallIntegerField()
    customers = models.PositiveIntegerField()
    alerts = models.PositiveIntegerField()
    followed = models.PositiveIntegerField()
    chance = models.FloatField(null=True)
    lead_days = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "level"], name="one_record_a_level"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.level}"
