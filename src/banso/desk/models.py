"""What a member of staff has seen."""

from django.db import models

from banso.base.models import User


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
