"""Who may come in, the workspace they share, what happened, and what is still to run."""

from datetime import time
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from banso.base.fields import UidField


def monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


class Workspace(models.Model):
    """The one company of this installation; its row is number 1.

    `working_days` are ISO weekdays (1 is Monday); nobody is disturbed between `quiet_from` and
    `quiet_until` (local time, may lie over midnight) unless they chose otherwise; `words` is the
    word list, {noun: {language: forms}}, of banso.core.lexicon. Events are kept for the running
    month and `event_months` before it; None: for good.
    """

    name = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64, default="Asia/Tokyo")
    currency = models.CharField(max_length=3, default="JPY")
    language = models.CharField(max_length=2, default="ja")
    synthetic = models.BooleanField(default=False)
    usage_connected = models.BooleanField(default=False)
    fiscal_month = models.PositiveSmallIntegerField(default=4)
    fiscal_day = models.PositiveSmallIntegerField(default=1)
    working_days = models.JSONField(default=monday_to_friday)
    quiet_from = models.TimeField(null=True, blank=True, default=time(20))
    quiet_until = models.TimeField(null=True, blank=True, default=time(8))
    words = models.JSONField(default=dict, blank=True)
    event_months = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="workspace_is_one"),
            models.CheckConstraint(
                condition=Q(fiscal_month__gte=1, fiscal_month__lte=12, fiscal_day__gte=1)
                & Q(fiscal_day__lte=28),
                name="fiscal_year_begins_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_both_ends",
            ),
            models.CheckConstraint(
                condition=Q(event_months=None) | Q(event_months__gte=1),
                name="events_are_kept_a_month",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A group of staff who stand in for one another."""

    uid = UidField()
    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who can prove who they are; what they may do is a StaffGrant."""

    uid = UidField()
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="ja")
    theme = models.CharField(max_length=5, default="auto")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member of staff may do; wording is in templates."""

    ADMIN = "admin"
    MANAGER = "manager"
    SUCCESS = "success_manager"
    VIEWER = "viewer"


class StaffGrant(models.Model):
    """A user's role among the staff, from a day until it is ended."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT)
    granted_at = models.DateTimeField(auto_now_add=True)
    granted_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="grants_given"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(ended_at=None), name="one_open_grant_per_user"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Invitation(models.Model):
    """An open door for one address; the link's secret is stored only as a digest."""

    uid = UidField()
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL)
    language = models.CharField(max_length=2, default="ja")
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.uid)


class Activity(models.Model):
    """One verb that happened: ids and codes, never texts of people.

    `engagement_id` and `subject_id` are plain numbers because the rows they name live in
    higher rooms. `position` and `digest` are given by the sealer to committed rows only.
    """

    verb = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    engagement_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True, unique=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["engagement_id", "-at"], name="activity_of_engagement"),
            models.Index(fields=["-at"], name="activity_latest"),
            models.Index(fields=["id"], condition=Q(position=None), name="activity_unsealed"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_id}"


class Job(models.Model):
    """One piece of work for a worker, leased while it runs so that a killed one runs again."""

    class Status(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    uid = UidField()
    task = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=200, null=True, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.READY)
    enqueued_at = models.DateTimeField()
    run_after = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    result = models.JSONField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["status", "run_after"], name="job_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.status}"


class SearchRow(models.Model):
    """What a text search may find: one row per thing, its words already tokenised."""

    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    words = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="one_search_row_each"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class Notification(models.Model):
    """Something a member of staff is told once: ids and codes, never texts of people.

    `how` is decided when it is told: shown in the product only, also in the next digest, or
    mailed at once. `mail` is the one mail that carries it; a row is never put into a second.
    `once` keeps the same thing from being told twice to the same user.
    """

    class How(models.TextChoices):
        PRODUCT = "product"
        DIGEST = "digest"
        AT_ONCE = "at_once"

    uid = UidField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    verb = models.CharField(max_length=60)
    engagement_id = models.BigIntegerField(null=True)
    subject_id = models.BigIntegerField(null=True)
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    detail = models.JSONField(default=dict)
    once = models.CharField(max_length=120, null=True)
    how = models.CharField(max_length=8, choices=How.choices, default=How.DIGEST)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mail = models.ForeignKey(
        "Mail", null=True, on_delete=models.SET_NULL, related_name="items", db_index=False
    )
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "once"], name="told_once"),
        ]
        indexes = [
            models.Index(fields=["user", "id"], name="notification_latest"),
            models.Index(fields=["engagement_id"], name="notification_of_engagement"),
            models.Index(
                fields=["mail"], condition=Q(mail__isnull=False), name="notification_in_mail"
            ),
            models.Index(
                fields=["user", "engagement_id"],
                condition=Q(read_at=None),
                name="notification_unread",
            ),
            models.Index(
                fields=["how", "user"],
                condition=Q(mail=None, read_at=None) & ~Q(how="product"),
                name="notification_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.user_id}"


class NotificationRule(models.Model):
    """How a user is told of one kind (`verb`), or nothing at all of one customer or kind."""

    class How(models.TextChoices):
        OFF = "off"
        PRODUCT = "product"
        DIGEST = "digest"
        AT_ONCE = "at_once"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notification_rules")
    verb = models.CharField(max_length=60, blank=True)
    engagement_id = models.BigIntegerField(null=True)
    how = models.CharField(max_length=8, choices=How.choices, default=How.OFF)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "verb"],
                condition=Q(engagement_id=None),
                name="one_rule_a_verb",
            ),
            models.UniqueConstraint(
                fields=["user", "engagement_id"],
                condition=Q(engagement_id__isnull=False),
                name="one_rule_a_customer",
            ),
            models.CheckConstraint(
                condition=(Q(engagement_id=None) & ~Q(verb=""))
                | Q(engagement_id__isnull=False, verb="", how="off"),
                name="rule_of_a_verb_or_a_customer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.verb or self.engagement_id} {self.how}"


class MailTimes(models.Model):
    """When a user is mailed. What is empty is as the workspace has it; `weekdays` are ISO
    weekdays, `hour` is the local hour of the digest."""

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="mail_times"
    )
    on = models.BooleanField(default=True)
    hour = models.PositiveSmallIntegerField(default=8)
    weekdays = models.JSONField(null=True)
    timezone = models.CharField(max_length=64, blank=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="digest_hour_of_a_day"),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="own_quiet_hours_have_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.hour}"


class Mail(models.Model):
    """One mail to one user. `tried_at` is written before the words go out, `sent_at` after: where
    only the first is there, nobody knows, and it is not sent again. See docs/guides/
    notifications.md."""

    class Kind(models.TextChoices):
        DIGEST = "digest"
        AT_ONCE = "at_once"

    uid = UidField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    day = models.DateField(null=True)
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day"], condition=Q(kind="digest"), name="one_digest_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(kind="digest") | Q(day__isnull=False), name="digest_has_its_day"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="mail_to_send"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"
