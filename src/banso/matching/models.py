"""Suggestions that two parties are one, what a person said to them, and merges."""

from django.db import models
from django.db.models import F, Q

from banso.base.fields import UidField
from banso.base.models import User
from banso.events.models import Import
from banso.parties.models import Party


class Match(models.Model):
    """Two parties that may be one, the older on the left. `reasons` are core.matching's, each
    {code, bits, params}; `plain` says that name and domain (of people: e-mail) are the same and
    nothing speaks against it; `postponed` counts how often it was put off. A rejected pair is
    never suggested again."""

    class State(models.TextChoices):
        PENDING = "pending"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"

    uid = UidField()
    kind = models.CharField(max_length=12, choices=Party.Kind.choices)
    left = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="matches_left")
    right = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="matches_right")
    bits = models.FloatField()
    first = models.BooleanField(default=False)
    plain = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    found_at = models.DateTimeField(auto_now_add=True)
    postponed = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "matches"
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="one_match_a_pair"),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="match_in_order"),
            models.CheckConstraint(
                condition=Q(state="pending", at=None) | (~Q(state="pending") & Q(at__isnull=False)),
                name="match_decided_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "postponed", "-first", "-bits", "id"],
                condition=Q(state="pending"),
                name="match_queue",
            ),
            models.Index(
                fields=["kind", "id"],
                condition=Q(state="pending", plain=True),
                name="match_plain",
            ),
            models.Index(fields=["by", "-at"], name="match_decided_by"),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} {self.right_id} {self.state}"


class Search(models.Model):
    """That the new rows of an import were compared with everybody; `found` pairs came of it."""

    owner = models.OneToOneField(
        Import, primary_key=True, on_delete=models.CASCADE, related_name="matching"
    )
    found = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "searches"

    def __str__(self) -> str:
        return f"{self.owner_id} {self.found}"


class Merge(models.Model):
    """A party, and each of its relationships, made one with another.

    `moved` lists the rows that changed hands, {"app.model.column": [ids]}; what a constraint did
    not let move stays with the loser, `kept` counts it. `chosen` holds the survivor's fields that
    were set, {"table.field": [before, after]}. `engagements` are pairs of ids (winner, loser).
    """

    uid = UidField()
    winner = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="merges_won")
    loser = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="merges_lost")
    engagements = models.JSONField(default=list)
    moved = models.JSONField(default=dict)
    kept = models.PositiveIntegerField(default=0)
    chosen = models.JSONField(default=dict)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["loser"], condition=Q(undone_at=None), name="one_open_merge_of_a_party"
            ),
            models.CheckConstraint(condition=~Q(winner=F("loser")), name="merge_is_of_two_parties"),
        ]
        indexes = [models.Index(fields=["-at"], name="merge_latest")]

    def __str__(self) -> str:
        return f"{self.loser_id} into {self.winner_id}"
