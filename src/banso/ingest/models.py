"""Write keys, and what their requests brought."""

from django.db import models
from django.db.models import F, Q

from banso.base.fields import UidField
from banso.base.models import User
from banso.events.models import Source


class WriteKey(models.Model):
    """What lets a product send events as a source. Of a server's key only a digest is kept;
    a browser's is public, so `shown` is all of it. The key is free to send again while
    `busy_until` is not far ahead; `noted_at` is when a refusal was written down last."""

    class Kind(models.TextChoices):
        SERVER = "server"
        BROWSER = "browser"

    uid = UidField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="keys")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    digest = models.CharField(max_length=64, unique=True)
    shown = models.CharField(max_length=64)
    origins = models.JSONField(default=list)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="successors"
    )
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    seen_at = models.DateTimeField(null=True)
    busy_until = models.DateTimeField(null=True)
    noted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["source", "id"], name="key_of_source")]

    def __str__(self) -> str:
        return self.shown

    @property
    def is_public(self) -> bool:
        return self.kind == WriteKey.Kind.BROWSER


class Receipt(models.Model):
    """What became of one request: how many events were `taken` and `refused`, by code with a
    sample in `troubles`, and its last events as `lines`; `code` says why all of it was refused.
    Folded into minutes and troubles by the worker, which keeps the latest for the debugger."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="receipts")
    key = models.ForeignKey(WriteKey, on_delete=models.CASCADE, related_name="receipts")
    at = models.DateTimeField()
    taken = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=40, blank=True)
    troubles = models.JSONField(default=dict)
    lines = models.BinaryField()
    folded = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["source", "-id"], name="receipt_of_source"),
            models.Index(fields=["id"], condition=Q(folded=False), name="receipt_to_fold"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.at}"


class SourceMinute(models.Model):
    """How many events a source sent within one minute."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="minutes")
    minute = models.DateTimeField()
    taken = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "minute"], name="one_count_of_a_minute"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.minute}"


class Trouble(models.Model):
    """Something that was refused, how often, and how the last one looked."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="troubles")
    code = models.CharField(max_length=40)
    field = models.CharField(max_length=40, blank=True)
    times = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    sample = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "code", "field"], name="one_trouble_each"),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at")), name="trouble_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Rules(models.Model):
    """What is done about an account or a person that a source names and nobody knows yet."""

    class Rule(models.TextChoices):
        CREATE = "create"
        KNOWN = "known"
        HOLD = "hold"

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="rules")
    accounts = models.CharField(max_length=6, choices=Rule.choices, default=Rule.HOLD)
    people = models.CharField(max_length=6, choices=Rule.choices, default=Rule.HOLD)

    def __str__(self) -> str:
        return f"{self.accounts} {self.people}"


class Telling(models.Model):
    """What one request said of people and accounts; settled in order by the worker, then gone."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="tellings")
    at = models.DateTimeField()
    public = models.BooleanField()
    calls = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["source", "id"], name="telling_of_source")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.at}"


class Subject(models.Model):
    """An account or a person as a source calls it: the `account` a person was last grouped with,
    the `traits` told last, those of them that were `written` into our rows, and whether it is on
    hold until somebody decides, `postponed` so many times."""

    class Kind(models.TextChoices):
        ACCOUNT = "account"
        PERSON = "person"

    class State(models.TextChoices):
        OPEN = "open"
        HELD = "held"
        LEFT = "left"

    uid = UidField()
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="subjects")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    value = models.CharField(max_length=240)
    account = models.CharField(max_length=240, blank=True)
    traits = models.JSONField(default=dict)
    written = models.JSONField(default=dict)
    state = models.CharField(max_length=4, choices=State.choices, default=State.OPEN)
    postponed = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "value"], name="one_subject_each"),
        ]
        indexes = [
            models.Index(
                fields=["source", "id"], condition=Q(state="held"), name="subject_on_hold"
            ),
            models.Index(fields=["source", "account"], name="subject_of_account"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Tie(models.Model):
    """That a visitor without a name turned out to be this person: said once, it stays."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="ties")
    visitor = models.CharField(max_length=240)
    person = models.CharField(max_length=240)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "visitor"], name="one_tie_of_a_visitor"),
        ]
        indexes = [models.Index(fields=["source", "person"], name="tie_of_person")]

    def __str__(self) -> str:
        return f"{self.visitor} is {self.person}"


class Claim(models.Model):
    """That a source takes `said` (a visitor, or a person) and `person` for one, where only a
    person may say so: it comes from a `public` key, or both were known, or the visitor was
    somebody else. Answered once; a rejected one is not asked again."""

    class State(models.TextChoices):
        PENDING = "pending"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"

    uid = UidField()
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="claims")
    said = models.CharField(max_length=240)
    person = models.CharField(max_length=240)
    public = models.BooleanField()
    told_at = models.DateTimeField()
    postponed = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PENDING)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "said", "person"], name="one_claim_each"),
        ]
        indexes = [
            models.Index(
                fields=["postponed", "id"], condition=Q(state="pending"), name="claim_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said} is {self.person}"
