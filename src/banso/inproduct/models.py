"""What products show, from which pages they may ask, and who saw what."""

from django.db import models
from django.db.models import Q

from banso.assets.models import Asset, Showing
from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.events.models import Source


class Embedding(models.Model):
    """That a product shows guides: only pages of these `origins` may ask for them."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="embedding")
    origins = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.source_id}"


class SigningKey(models.Model):
    """What a product's server signs with who is signed in there; sealed, since it must be used
    again. Several are open at once while one takes the place of another."""

    uid = UidField()
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="signing_keys")
    sealed = models.TextField()
    hint = models.CharField(max_length=12)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["source"], condition=Q(revoked_at=None), name="signing_key_open"),
        ]

    def __str__(self) -> str:
        return self.hint


class Placement(models.Model):
    """An asset shown in a product: drafted, then active, then retired (and perhaps active again).

    `page` is banso.core.page_patterns' ("": every page), `condition` banso.core.conditions.dump
    of whom it is for ({"all": []}: everybody). Of several that fit, the first by `position`.
    """

    class Kind(models.TextChoices):
        GUIDE = "guide"
        ANNOUNCEMENT = "announcement"

    uid = UidField()
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="placements")
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="placements")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.GUIDE)
    page = models.CharField(max_length=200, blank=True)
    condition = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    activated_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(retired_at=None) | Q(activated_at__isnull=False),
                name="placement_retired_was_active",
            ),
            models.CheckConstraint(
                condition=Q(from_on=None) | Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
                name="placement_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(
                fields=["source", "position", "id"],
                condition=Q(activated_at__isnull=False, retired_at=None),
                name="placement_in_use",
            ),
        ]

    def __str__(self) -> str:
        return self.uid

    @property
    def state(self) -> str:
        """drafted, active or retired."""
        if self.activated_at is None:
            return "drafted"
        return "active" if self.retired_at is None else "retired"


class Appearance(models.Model):
    """That a placement came up for a person, once for ever, and how they were done with it.

    `person` is banso.engine.barred.digest_of what the product calls them. The `showing` is what
    colleagues see of it, where the account is a customer of ours.
    """

    class End(models.TextChoices):
        OPEN = ""
        CLOSED = "closed"
        DONE = "done"

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="appearances")
    person = models.CharField(max_length=64)
    engagement = models.ForeignKey(
        Engagement, null=True, blank=True, on_delete=models.CASCADE, related_name="appearances"
    )
    showing = models.OneToOneField(
        Showing, null=True, blank=True, on_delete=models.SET_NULL, related_name="appearance"
    )
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_as = models.CharField(max_length=6, choices=End.choices, default=End.OPEN, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "person"], name="one_appearance_a_person"),
            models.CheckConstraint(
                condition=Q(ended_as="", ended_at=None)
                | (~Q(ended_as="") & Q(ended_at__isnull=False)),
                name="appearance_ended_with_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["placement", "engagement", "ended_as"], name="appearance_figures"),
            models.Index(fields=["person"], name="appearance_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.placement_id} {self.ended_as}"
