"""Anyone we deal with: one table, one-to-one details."""

from django.db import models
from django.db.models import F, Q

from banso.base.fields import UidField


class Party(models.Model):
    """An organization or a person; `name_key` is the folded name that lookups compare,
    `name_kana` how the name is read. One that was merged into another is only a shell of it."""

    class Kind(models.TextChoices):
        ORGANIZATION = "organization"
        PERSON = "person"

    uid = UidField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=300)
    name_key = models.CharField(max_length=300, db_index=True)
    name_kana = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="merged",
    )

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="party_is_not_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="party_merged",
            ),
            models.Index(fields=["name", "id"], name="party_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Organization(models.Model):
    party = models.OneToOneField(Party, primary_key=True, on_delete=models.CASCADE)
    industry = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    domain = models.CharField(max_length=253, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return str(self.party)


class Person(models.Model):
    """`language` is what they read, where somebody said so."""

    class Language(models.TextChoices):
        UNSAID = ""
        JA = "ja"
        EN = "en"

    party = models.OneToOneField(Party, primary_key=True, on_delete=models.CASCADE)
    email = models.CharField(max_length=254, blank=True, db_index=True)
    phone = models.CharField(max_length=60, blank=True)
    language = models.CharField(
        max_length=2, choices=Language.choices, default=Language.UNSAID, blank=True
    )

    def __str__(self) -> str:
        return str(self.party)


class Membership(models.Model):
    """A person at an organization (or with an individual customer), from a day until a day.
    `main`: whom one writes to first."""

    person = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="memberships")
    home = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="members")
    title = models.CharField(max_length=120, blank=True)
    main = models.BooleanField(default=False)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "home"], name="one_membership_each"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="membership_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.home_id}"
