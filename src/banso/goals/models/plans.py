"""Success plans: a purpose in words, targets that say how far, agreement, and where we stand."""

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Cast, Coalesce

from banso.actions.models import Contact
from banso.base.fields import UidField
from banso.base.models import User
from banso.engagements.models import Engagement
from banso.metrics.models import Metric, Segment
from banso.parties.models import Party


class Program(models.Model):
    """The journey of one kind of relationship: stages in their order.

    Who becomes a customer on `starts_on` or later enters its first stage that day.
    """

    uid = UidField()
    kind = models.CharField(max_length=20, choices=Engagement.Kind.choices, unique=True)
    name = models.JSONField(default=dict)
    starts_on = models.DateField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.kind


class Stage(models.Model):
    """A part of the journey; its criteria are the targets of its standard.

    For `grace_days` after entering it, nobody is ranked among the rest. Who meets the criteria
    is proposed to move on; `automatic` moves them without a person.
    """

    uid = UidField()
    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="stages")
    name = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    grace_days = models.PositiveIntegerField(default=0)
    automatic = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.uid


class StageMove(models.Model):
    """An engagement entered a stage on a day; without a stage it left the program.

    `evidence` holds the criteria of the stage before and their values that day. Moves are never
    changed: whoever moved somebody wrongly moves them back.
    """

    uid = UidField()
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="stage_moves")
    stage = models.ForeignKey(Stage, null=True, blank=True, on_delete=models.PROTECT)
    before = models.ForeignKey(
        Stage, null=True, blank=True, on_delete=models.PROTECT, related_name="moves_out"
    )
    on = models.DateField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(auto_now_add=True)
    note = models.TextField(blank=True)
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.SET_NULL)
    evidence = models.JSONField(default=dict)
    automatic = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage=None) | Q(before=None) | ~Q(stage=F("before")),
                name="a_move_leads_elsewhere",
            ),
        ]
        indexes = [models.Index(fields=["engagement", "-on", "-id"], name="stage_move_latest")]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.on}"


class Goal(models.Model):
    """A wanted state in words: an engagement's purpose, or a standard.

    A standard is for a segment, a stage, a stage of a segment, or (neither) for everyone. An
    engagement's goal with targets overrides the standards; with words alone it keeps them.
    """

    uid = UidField()
    engagement = models.OneToOneField(
        Engagement, null=True, blank=True, on_delete=models.CASCADE, related_name="goal"
    )
    segment = models.ForeignKey(
        Segment, null=True, blank=True, on_delete=models.CASCADE, related_name="standards"
    )
    stage = models.ForeignKey(
        Stage, null=True, blank=True, on_delete=models.CASCADE, related_name="standards"
    )
    words = models.TextField(blank=True)
    ideal = models.TextField(blank=True)
    said_by = models.ForeignKey(Party, null=True, blank=True, on_delete=models.SET_NULL)
    said_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(engagement=None) | Q(segment=None, stage=None),
                name="goal_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["segment", "stage"], name="one_standard_of_a_segments_stage"
            ),
            models.UniqueConstraint(
                fields=["segment"],
                condition=Q(stage=None, segment__isnull=False),
                name="one_standard_of_a_segment",
            ),
            models.UniqueConstraint(
                fields=["stage"],
                condition=Q(segment=None, stage__isnull=False),
                name="one_standard_of_a_stage",
            ),
            models.UniqueConstraint(
                Coalesce("engagement", 0),
                condition=Q(engagement=None, segment=None, stage=None),
                name="one_standard_for_everyone",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Statement(models.Model):
    """What the purpose and the ideal were said to be on a day; the goal holds the latest."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="statements")
    words = models.TextField(blank=True)
    ideal = models.TextField(blank=True)
    said_by = models.ForeignKey(Party, null=True, blank=True, on_delete=models.SET_NULL)
    on = models.DateField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["goal", "-on", "-id"], name="statement_latest")]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.on}"


class Target(models.Model):
    """How far: a metric from `floor` (nothing of the ideal) to `target`, by a day, with a weight.

    `start` is where we were when it was set. A target is never edited in place: changing it
    ends this row and begins another, so that every past day keeps its own criteria.
    """

    uid = UidField()
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="targets")
    metric = models.ForeignKey(Metric, on_delete=models.PROTECT, related_name="targets")
    start = models.FloatField(null=True, blank=True)
    floor = models.FloatField()
    target = models.FloatField()
    weight = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField(auto_now_add=True)
    set_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    since = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    proposal = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "metric"], condition=Q(ended_at=None), name="one_open_target"
            ),
            models.CheckConstraint(
                condition=~Q(target=F("floor")), name="target_differs_from_floor"
            ),
            models.CheckConstraint(
                condition=Q(start=None) | ~Q(target=F("start")), name="target_differs_from_start"
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=10), name="weight_from_1_to_10"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Agreement(models.Model):
    """Who agreed a goal, when and how; the latest row is its state, none is our draft."""

    class State(models.TextChoices):
        DRAFT = "draft"
        SHARED = "shared"
        AGREED = "agreed"

    class How(models.TextChoices):
        MEETING = "meeting"
        MAIL = "mail"
        CALL = "call"
        LINK = "link"

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="agreements")
    state = models.CharField(max_length=8, choices=State.choices)
    person = models.ForeignKey(Party, null=True, blank=True, on_delete=models.SET_NULL)
    person_name = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=8, choices=How.choices, blank=True)
    on = models.DateField()
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    recorded_at = models.DateTimeField(auto_now_add=True)
    snapshot = models.JSONField(default=dict)
    version = models.ForeignKey(
        "goals.PlanVersion",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="agreements",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="agreed") | (~Q(person_name="") & ~Q(how="")),
                name="agreed_with_somebody_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.state}"


IN_THE_RED = 0.5


BESIDE = ("owner", "touch", "next_on", "segment")
"""What lists are filtered by stands in the indexes they are sorted by: rows that are left out are
then never read."""


class Standing(models.Model):
    """Where an engagement stands today: disposable, indexed, what lists sort on.

    gap and health are null when under half of the targets are measured. `stake` is in the
    workspace currency's minor unit, and null while the engagement is new in its stage;
    `criteria_met` of the stage's `criteria` are met. `reason` holds the codes and numbers of the
    one sentence; `goal` is whose targets count; `section` says where Today shows it. The `by_`
    columns are the day's one order with the unknown last, so that one index serves it. Every
    engagement has its row from its first day;
    `name`, `owner`, `owner_name`, `segment` and `touch` are copies (goals.refresh.copy_labels) for
    lists to filter and sort on.
    """

    class Section(models.TextChoices):
        NEEDS = "needs"
        IN_HAND = "in_hand"
        SET_ASIDE = "set_aside"
        NEW = "new"
        UNMEASURED = "unmeasured"
        MET = "met"

    engagement = models.OneToOneField(
        Engagement, primary_key=True, on_delete=models.CASCADE, related_name="standing"
    )
    as_of = models.DateField()
    current = models.BooleanField(default=True)
    gap = models.FloatField(null=True)
    health = models.FloatField(null=True)
    measured = models.PositiveSmallIntegerField(default=0)
    targets = models.PositiveSmallIntegerField(default=0)
    plan = models.CharField(max_length=10, default="none")
    annual_minor = models.BigIntegerField(null=True)
    urgency = models.FloatField(default=0.25)
    stake = models.BigIntegerField(null=True)
    next_on = models.DateField(null=True)
    next_kind = models.CharField(max_length=20, blank=True)
    last_contact_on = models.DateField(null=True)
    terms = models.JSONField(default=list)
    reason = models.JSONField(default=dict)
    goal = models.ForeignKey(Goal, null=True, on_delete=models.SET_NULL, related_name="+")
    stage = models.ForeignKey(Stage, null=True, on_delete=models.SET_NULL, related_name="+")
    stage_since = models.DateField(null=True)
    in_grace = models.BooleanField(default=False)
    criteria = models.PositiveSmallIntegerField(default=0)
    criteria_met = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=300, default="")
    owner = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    owner_name = models.CharField(max_length=120, default="")
    segment = models.CharField(max_length=120, default="")
    touch = models.CharField(max_length=4, default=Engagement.Touch.LOW)
    section = models.CharField(max_length=10, choices=Section.choices, default=Section.UNMEASURED)
    by_stake = models.GeneratedField(
        expression=Coalesce("stake", -1), output_field=models.BigIntegerField(), db_persist=True
    )
    by_gap = models.GeneratedField(
        expression=Coalesce("gap", -1.0), output_field=models.FloatField(), db_persist=True
    )
    by_exposure = models.GeneratedField(
        expression=Coalesce(Cast(F("annual_minor") * F("urgency"), models.FloatField()), -1.0),
        output_field=models.FloatField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(
                "current",
                F("by_stake").desc(),
                F("by_gap").desc(),
                F("by_exposure").desc(),
                "engagement",
                *BESIDE,
                name="standing_in_order",
            ),
            models.Index(
                "current",
                "section",
                F("by_stake").desc(),
                F("by_gap").desc(),
                F("by_exposure").desc(),
                *("engagement", "owner", "touch", "last_contact_on", "stake"),  # without the row
                name="standing_in_section",
            ),
            models.Index(
                "owner",
                "current",
                "section",
                F("by_stake").desc(),
                F("by_gap").desc(),
                F("by_exposure").desc(),
                *("engagement", "stake"),  # without the row
                name="standing_of_owner",
            ),
            models.Index(fields=["as_of"], name="standing_of_day"),
            models.Index(
                fields=[
                    *("current", "owner", "touch", "next_on", "gap", "stake"),
                    *("annual_minor", "last_contact_on", "next_kind", "engagement"),
                ],
                name="standing_of_book",
            ),
            models.Index(
                fields=["current", "stage", "stage_since", "engagement"], name="standing_by_stage"
            ),
            models.Index(fields=["current", "goal"], name="standing_by_goal"),
            models.Index(
                fields=["current", "name", "engagement", *BESIDE], name="standing_by_name"
            ),
            models.Index(fields=["current", "segment", "engagement"], name="standing_by_segment"),
            models.Index(
                fields=["current", "owner_name", "engagement", *BESIDE], name="standing_by_owner"
            ),
            models.Index(fields=["current", "gap", "engagement", *BESIDE], name="standing_by_gap"),
            models.Index(
                fields=["current", "health", "engagement", *BESIDE], name="standing_by_health"
            ),
            models.Index(
                fields=["current", "annual_minor", "engagement", *BESIDE], name="standing_by_value"
            ),
            models.Index(
                fields=[
                    *("current", "next_on", "engagement", "owner", "touch"),
                    *("by_stake", "by_gap", "by_exposure"),
                    *("gap", "health", "annual_minor", "last_contact_on"),
                    *("name", "segment", "owner_name"),
                ],
                name="standing_by_next",
            ),
            models.Index(
                fields=["current", "last_contact_on", "engagement", *BESIDE],
                name="standing_by_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.as_of}"


class SegmentFigures(models.Model):
    """How many current customers a segment had on a day, their stake and their mean gap; of those
    whom every colleague may read. Written by each round, the basis of what is seen over time."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="figures")
    day = models.DateField()
    customers = models.PositiveIntegerField()
    measured = models.PositiveIntegerField()
    stake = models.BigIntegerField()
    gap = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["segment", "day"], name="one_figure_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.day}"


class StandingChange(models.Model):
    """The gap of an engagement moved on a day; kept only where it did. `turn` is 1 where it came
    into the red (IN_THE_RED or more), -1 where it came out of it, else 0."""

    engagement = models.ForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="standing_changes"
    )
    day = models.DateField()
    gap_before = models.FloatField(null=True)
    gap_after = models.FloatField(null=True)
    turn = models.GeneratedField(
        expression=Case(
            When(
                Q(gap_before=None) | Q(gap_before__lt=IN_THE_RED), gap_after__gte=IN_THE_RED, then=1
            ),
            When(gap_before__gte=IN_THE_RED, gap_after__lt=IN_THE_RED, then=-1),
            default=0,
            output_field=models.SmallIntegerField(),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "day"], name="one_change_a_day"),
        ]
        indexes = [models.Index(fields=["turn", "day"], name="change_by_turn")]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.day}"
