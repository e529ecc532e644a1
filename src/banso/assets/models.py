"""Assets, their versions and pictures, whom they were shown to, and scripts that were followed."""

from django.db import models
from django.db.models import Q

from banso.actions.models import Contact
from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.parties.models import Party


class Asset(models.Model):
    """A guide, talk script, template or story. `title` and `body` ({ja, en}, Markdown) are the
    draft, edited freely; `current` is the version in force, `unpublished` that they differ.

    `revision` counts the drafts, so that nobody writes over a colleague unseen.
    """

    class Kind(models.TextChoices):
        GUIDE = "guide"
        SCRIPT = "script"
        TEMPLATE = "template"
        STORY = "story"

    class Audience(models.TextChoices):
        INTERNAL = "internal"
        CUSTOMERS = "customers"
        PUBLIC = "public"

    uid = UidField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = models.JSONField(default=dict)
    body = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    unpublished = models.BooleanField(default=True)
    current = models.ForeignKey(
        "AssetVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="assets"
    )
    review_by = models.DateField(null=True, blank=True)
    audience = models.CharField(max_length=9, choices=Audience.choices, default=Audience.INTERNAL)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audience="internal") | Q(current__isnull=False),
                name="asset_is_published_before_others_see_it",
            ),
            models.CheckConstraint(
                condition=Q(audience="internal") | Q(kind__in=("guide", "story")),
                name="asset_for_others_is_a_page",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-changed_at", "-id"],
                condition=Q(retired_at=None),
                name="asset_latest",
            ),
            models.Index(
                fields=["review_by"], condition=Q(retired_at=None), name="asset_to_review"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class AssetVersion(models.Model):
    """What an asset said when it was published; never changed. `minutes` is what it took to make,
    where somebody told."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.JSONField()
    body = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "number"], name="one_asset_version_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} v{self.number}"


class Picture(models.Model):
    """A picture of an asset, named in its Markdown; kept as long as the asset is, since a version
    may show it."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="pictures")
    name = models.CharField(max_length=80)
    media_type = models.CharField(max_length=20)
    content = models.BinaryField()
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "name"], name="one_picture_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Showing(models.Model):
    """An asset was shown to a customer, or to one person of theirs. `once` names what it came
    from, so that the same showing is written down one time for ever."""

    class Way(models.TextChoices):
        HAND = "hand"
        CALL = "call"
        LINK = "link"
        PLAY = "play"
        GUIDE = "guide"

    class Reaction(models.TextChoices):
        NONE = ""
        HELPED = "helped"
        PARTLY = "partly"
        NOT_HELPED = "not_helped"

    uid = UidField()
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="showings")
    version = models.ForeignKey(AssetVersion, on_delete=models.CASCADE, related_name="showings")
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="showings")
    person = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.SET_NULL, related_name="showings"
    )
    way = models.CharField(max_length=5, choices=Way.choices, default=Way.HAND)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    finished_at = models.DateTimeField(null=True, blank=True)
    reaction = models.CharField(
        max_length=10, choices=Reaction.choices, default=Reaction.NONE, blank=True
    )
    once = models.CharField(max_length=120, null=True, blank=True, unique=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["asset", "engagement", "reaction", "finished_at"], name="showing_figures"
            ),
            models.Index(fields=["asset", "-at", "-id"], name="showing_of_asset"),
            models.Index(fields=["engagement", "-at", "-id"], name="showing_of_engagement"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Walkthrough(models.Model):
    """A talk script followed once: in a talk with a customer, or with a `partner` as role-play.

    `ticks` holds the numbers of what was ticked and `choices` {number of the fork: step gone to},
    both of the version's text in `language`. The end of a talk with a customer is its `contact`;
    without one (somebody took the contact back) it does not count.
    """

    class Outcome(models.TextChoices):
        OPEN = ""
        REACHED = "reached"
        PARTLY = "partly"
        NOT_REACHED = "not_reached"
        NO_ANSWER = "no_answer"

    uid = UidField()
    version = models.ForeignKey(AssetVersion, on_delete=models.CASCADE, related_name="walkthroughs")
    engagement = models.ForeignKey(
        Engagement, null=True, blank=True, on_delete=models.CASCADE, related_name="walkthroughs"
    )
    partner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    language = models.CharField(max_length=2)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    begun_at = models.DateTimeField()
    ticks = models.JSONField(default=list)
    choices = models.JSONField(default=dict)
    ticked = models.PositiveSmallIntegerField(default=0)
    note = models.TextField(blank=True)
    outcome = models.CharField(
        max_length=11, choices=Outcome.choices, default=Outcome.OPEN, blank=True
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    contact = models.OneToOneField(
        Contact, null=True, blank=True, on_delete=models.SET_NULL, related_name="walkthrough"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(engagement__isnull=False, partner=None)
                | Q(engagement=None, partner__isnull=False, contact=None),
                name="walkthrough_with_a_customer_or_a_partner",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None, contact=None)
                | (~Q(outcome="") & Q(ended_at__isnull=False)),
                name="walkthrough_ends_with_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["version", "outcome"], name="walkthrough_results"),
            models.Index(fields=["by"], condition=Q(ended_at=None), name="walkthrough_open"),
        ]

    def __str__(self) -> str:
        return str(self.uid)
