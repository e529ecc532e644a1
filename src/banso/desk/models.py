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
