"""Where data came from: sources, outside ids, imports and what they did, the lake's manifest."""

from django.db import models
from django.db.models import F, Q

from banso.actions.models import Contact
from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Contract, Engagement
from banso.events import lake_models, note_models
from banso.parties.models import Party

BarredId = lake_models.BarredId
Drained = lake_models.Drained
Erasure = lake_models.Erasure
Inbox = lake_models.Inbox
LakePart = lake_models.LakePart
RetiredFile = lake_models.RetiredFile
SeenEvent = lake_models.SeenEvent
SeenProperty = lake_models.SeenProperty
EventNote = note_models.EventNote
PropertyNote = note_models.PropertyNote


class Kind(models.TextChoices):
    """What the rows of a file are; in this order the files of a company come in."""

    ACCOUNTS = "accounts"
    PEOPLE = "people"
    CONTRACTS = "contracts"
    CONTACTS = "contacts"
    EVENTS = "events"
    MEASUREMENTS = "measurements"


class Source(models.Model):
    """A system whose ids mean something: the same id in two sources is two things. The events
    of BANSO are our own acts."""

    FILES = "files"
    BANSO = "banso"

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.key


class ExternalId(models.Model):
    """How a source calls one of our rows. `digest` is the imported row as last seen: the same
    row again changes nothing, even where a person has edited ours since."""

    class Kind(models.TextChoices):
        ACCOUNT = "account"
        PERSON = "person"
        CONTRACT = "contract"
        CONTACT = "contact"

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="ids")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=240)
    digest = models.CharField(max_length=32, blank=True)
    engagement = models.ForeignKey(
        Engagement, null=True, on_delete=models.CASCADE, related_name="external_ids"
    )
    party = models.ForeignKey(
        Party, null=True, on_delete=models.CASCADE, related_name="external_ids"
    )
    contract = models.ForeignKey(
        Contract, null=True, on_delete=models.CASCADE, related_name="external_ids"
    )
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.CASCADE, related_name="external_ids"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "value"], name="one_external_id"),
            models.CheckConstraint(
                condition=(
                    Q(kind="account", engagement__isnull=False, party=None)
                    & Q(contract=None, contact=None)
                )
                | (
                    Q(kind="person", party__isnull=False, engagement=None)
                    & Q(contract=None, contact=None)
                )
                | (
                    Q(kind="contract", contract__isnull=False, engagement=None)
                    & Q(party=None, contact=None)
                )
                | (
                    Q(kind="contact", contact__isnull=False, engagement=None)
                    & Q(party=None, contract=None)
                ),
                name="external_id_names_one_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class StaffName(models.Model):
    """A person said: this name in our files is that colleague. `key` is the folded name."""

    key = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=120)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="file_names")

    def __str__(self) -> str:
        return self.name


class Recipe(models.Model):
    """How a file that comes again and again is read: saved from an import that went well.

    `missing` says what is done about rows that the last file had and this one has not; `pattern`
    names files in the watched folder ("crm/accounts*.csv"), "" for none.
    """

    class Missing(models.TextChoices):
        IGNORE = "ignore"
        REPORT = "report"
        PROPOSE = "propose"

    uid = UidField()
    name = models.CharField(max_length=120)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="recipes")
    skip_bad = models.BooleanField(default=False)
    missing = models.CharField(max_length=7, choices=Missing.choices, default=Missing.REPORT)
    pattern = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="recipes")
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=Q(retired_at=None), name="one_recipe_of_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RecipePart(models.Model):
    """One table of the recipe's file: its sheet and headers as last seen, and `mapping`, the
    header of each field."""

    recipe = models.ForeignKey(Recipe, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    sheet = models.CharField(max_length=255, blank=True)
    header_row = models.PositiveIntegerField()
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipe", "kind"], name="one_part_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.recipe_id} {self.kind}"


class RecipeRun(models.Model):
    """One file taken by a recipe; from the watched folder each content is taken once."""

    class Origin(models.TextChoices):
        UPLOAD = "upload"
        COMMAND = "command"
        FOLDER = "folder"

    uid = UidField()
    recipe = models.ForeignKey(Recipe, on_delete=models.CASCADE, related_name="runs")
    origin = models.CharField(max_length=7, choices=Origin.choices)
    file_name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipe", "digest"], condition=Q(origin="folder"), name="one_run_of_a_file"
            ),
        ]
        indexes = [models.Index(fields=["recipe", "-at"], name="run_of_recipe")]

    def __str__(self) -> str:
        return f"{self.recipe_id} {self.file_name}"


class RecipeSeen(models.Model):
    """An outside id that the recipe's last file held."""

    part = models.ForeignKey(RecipePart, on_delete=models.CASCADE, related_name="seen")
    value = models.CharField(max_length=240)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "value"], name="one_seen_id"),
        ]

    def __str__(self) -> str:
        return self.value


class Import(models.Model):
    """One file, or one sheet of it, on its way in. A refused one has changed nothing.

    `mapping` is {field: column index}; of an events file, the other columns are properties. The
    five counts add up to `lines` once the import has ended. Rows come in a few hundred to a
    transaction: `applied` of the rows read are in, and the counts are theirs. `held_months` says
    of an events import how many of its rows still wait for their account, by month; `staged`
    that its rows are kept for the lake. `missing`, of one a recipe brought, counts what the last
    file had and this one has not; None: not looked at.
    """

    class Status(models.TextChoices):
        UPLOADED = "uploaded"
        READY = "ready"
        STAGING = "staging"
        APPLYING = "applying"
        UNDOING = "undoing"
        DONE = "done"
        REFUSED = "refused"
        FAILED = "failed"
        CANCELLED = "cancelled"
        UNDONE = "undone"

    uid = UidField()
    kind = models.CharField(max_length=12, choices=Kind.choices, blank=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.UPLOADED)
    file_name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    sheet = models.CharField(max_length=255, blank=True)
    header_row = models.PositiveIntegerField(null=True)
    mapping = models.JSONField(default=list)
    skip_bad = models.BooleanField(default=False)
    inspection = models.JSONField(default=dict)
    lines = models.PositiveIntegerField(default=0)
    imported = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    on_hold = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    applied = models.PositiveIntegerField(default=0)
    held_months = models.JSONField(default=dict)
    staged = models.BooleanField(default=False)
    problem = models.CharField(max_length=40, blank=True)
    params = models.JSONField(default=dict)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="imports")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.CharField(max_length=16, blank=True)
    run = models.ForeignKey(RecipeRun, null=True, on_delete=models.SET_NULL, related_name="imports")
    part = models.ForeignKey(
        RecipePart, null=True, on_delete=models.SET_NULL, related_name="imports"
    )
    missing = models.PositiveIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="done")
                | Q(
                    lines=F("imported")
                    + F("rejected")
                    + F("on_hold")
                    + F("duplicates")
                    + F("conflicts")
                ),
                name="import_counts_add_up",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["done", "staging", "applying", "undoing", "undone"])
                | ~Q(kind=""),
                name="import_knows_its_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at"], name="import_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class ImportProblem(models.Model):
    """One row of a file that could not be taken as it stands; `found` is cut to 80 characters."""

    owner = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField(default=0)
    column = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40)
    found = models.CharField(max_length=80, blank=True)
    params = models.JSONField(default=dict)

    class Meta:
        ordering = ["line", "id"]
        indexes = [models.Index(fields=["owner", "line"], name="problem_of_import")]

    def __str__(self) -> str:
        return f"{self.line} {self.code}"


class ImportChange(models.Model):
    """A row of ours that an import made (`before` is null) or changed: what undo needs."""

    owner = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes")
    table = models.CharField(max_length=20)
    row = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(default=dict)
    kept = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["owner", "table"], name="change_of_import")]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"


class MissingRow(models.Model):
    """An outside id that the recipe's last file had and this one has not."""

    owner = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="missing_rows")
    value = models.CharField(max_length=240)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "value"], name="one_missing_row"),
        ]

    def __str__(self) -> str:
        return self.value


class HeldRow(models.Model):
    """A good row of an account nobody has imported yet; it waits here for the account."""

    owner = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="held")
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="held")
    account = models.CharField(max_length=240)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    value = models.CharField(max_length=240)
    digest = models.CharField(max_length=32)
    line = models.PositiveIntegerField()
    row = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "value"], name="one_held_row"),
        ]
        indexes = [models.Index(fields=["source", "account"], name="held_of_account")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class HeldEvents(models.Model):
    """How many staged events of a month wait for an account; the events stay in their file."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="held_events")
    account = models.CharField(max_length=240)
    month = models.DateField()
    rows = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "account", "month"], name="one_count_of_held_events"
            ),
        ]
        indexes = [models.Index(fields=["month"], name="held_events_of_month")]

    def __str__(self) -> str:
        return f"{self.account} {self.month}"
