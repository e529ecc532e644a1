"""What people say of the events and properties that sources send."""

from django.db import models

from banso.base.models import User


class EventNote(models.Model):
    """What an event name means, as {ja, en}; a `hidden` one is not offered any more. `stream` is
    events or acts."""

    stream = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    description = models.JSONField(default=dict)
    hidden = models.BooleanField(default=False)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "name"], name="one_note_of_an_event"),
        ]

    def __str__(self) -> str:
        return self.name


class PropertyNote(models.Model):
    """What a property of an event means. `personal` says whether its values are of a person;
    None where nobody has said: then its name and values decide."""

    event = models.ForeignKey(EventNote, on_delete=models.CASCADE, related_name="properties")
    name = models.CharField(max_length=200)
    description = models.JSONField(default=dict)
    personal = models.BooleanField(null=True)
    hidden = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "name"], name="one_note_of_a_property"),
        ]

    def __str__(self) -> str:
        return self.name
