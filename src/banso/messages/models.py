"""Messages, who wants none, what came back; what is posted to the workspace's own address."""

from django.db import models
from django.db.models import Q

from banso.actions.models import Contact
from banso.assets.models import AssetVersion
from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.parties.models import Party


class Message(models.Model):
    """One mail to one person of a customer; this row is its place in the outbox too.

    `once` names what it came from, so that it is written one time for ever; `group` are those
    written in one go. `title` and `body` (Markdown) are as they go out, in `language`. Waiting, it
    is sent at `next_at`. `tried_at` is committed before it goes out: where the process dies then,
    it is uncertain, and only a person sends it again.
    """

    class Why(models.TextChoices):
        HAND = "hand"
        PLAY = "play"

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        HELD = "held"
        BOUNCED = "bounced"
        FAILED = "failed"
        UNCERTAIN = "uncertain"
        DROPPED = "dropped"

    uid = UidField()
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="messages")
    person = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="messages")
    version = models.ForeignKey(AssetVersion, on_delete=models.PROTECT, related_name="messages")
    why = models.CharField(max_length=4, choices=Why.choices)
    because = models.JSONField(default=dict)
    by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages"
    )
    once = models.CharField(max_length=120, unique=True)
    group = models.CharField(max_length=60, db_index=True)
    language = models.CharField(max_length=2)
    to = models.CharField(max_length=254, blank=True)
    title = models.CharField(max_length=300)
    body = models.TextField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=40, blank=True)
    written_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False)
                | (~Q(state="waiting") & Q(next_at=None)),
                name="message_waits_for_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("sending", "sent", "uncertain"))
                | Q(tried_at__isnull=False),
                name="message_sent_was_tried",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("held", "failed")) | ~Q(reason=""),
                name="message_held_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="message_due"),
            models.Index(fields=["tried_at"], condition=Q(state="sending"), name="message_going"),
            models.Index(fields=["state", "-written_at", "-id"], name="message_of_state"),
            models.Index(fields=["-written_at", "-id"], name="message_latest"),
            models.Index(fields=["why", "-written_at", "-id"], name="message_of_cause"),
            models.Index(fields=["engagement", "-written_at", "-id"], name="message_of_engagement"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class OptOut(models.Model):
    """Somebody wants no more messages: said by the link of one, or told to a colleague (`by`).
    It holds for the person and for the address, until it is taken back."""

    class Way(models.TextChoices):
        LINK = "link"
        ONE_CLICK = "one_click"
        TOLD = "told"

    person = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="opt_outs")
    address = models.CharField(max_length=254, blank=True, db_index=True)
    way = models.CharField(max_length=9, choices=Way.choices)
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="opt_outs"
    )
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="one_open_opt_out"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.way}"


class Bounce(models.Model):
    """A mail server said that a message did not arrive. A hard one bars the address until
    somebody lifts it; `digest` keeps the same report from counting twice."""

    class Kind(models.TextChoices):
        HARD = "hard"
        SOFT = "soft"
        DELAYED = "delayed"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="bounces")
    address = models.CharField(max_length=254)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    status = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "digest"], name="one_bounce_a_report"),
        ]
        indexes = [
            models.Index(fields=["address", "kind"], name="bounce_of_address"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.kind}"


class Webhook(models.Model):
    """The address of the workspace that steps of plays post to; row number 1. Address and secret
    are sealed; `host` is all that pages say of the one, the other is shown when it is made."""

    sealed_address = models.TextField()
    host = models.CharField(max_length=255)
    sealed_secret = models.TextField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="webhook_is_one"),
        ]

    def __str__(self) -> str:
        return self.host


class Posting(models.Model):
    """One thing that is posted to the webhook until it was taken; `uid` is what the receiver knows
    it by, the same each time. `payload` holds codes, days and uids only. While a worker posts it,
    `next_at` is when another may."""

    class State(models.TextChoices):
        WAITING = "waiting"
        TAKEN = "taken"
        FAILED = "failed"

    uid = UidField()
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="postings")
    once = models.CharField(max_length=120, unique=True)
    payload = models.JSONField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", next_at__isnull=False)
                | (~Q(state="waiting") & Q(next_at=None)),
                name="posting_waits_for_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="posting_due"),
            models.Index(fields=["-made_at", "-id"], name="posting_latest"),
        ]

    def __str__(self) -> str:
        return str(self.uid)
