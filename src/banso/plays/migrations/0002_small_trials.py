"""Something is tried on a few before it becomes a play."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import banso.base.fields


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0001_initial"),
        ("engagements", "0006_restricted_index"),
        ("plays", "0001_barriers_and_plays"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "uid",
                    banso.base.fields.UidField(
                        default=banso.base.fields.new_uid,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("hypothesis", models.CharField(max_length=300)),
                ("looked_for", models.CharField(max_length=300)),
                ("began_on", models.DateField()),
                ("began_at", models.DateTimeField(auto_now_add=True)),
                ("decide_on", models.DateField()),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Open"),
                            ("keep", "Keep"),
                            ("adjust", "Adjust"),
                            ("stop", "Stop"),
                        ],
                        default="",
                        max_length=6,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_words", models.TextField(blank=True)),
                (
                    "began_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="trials",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "play",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="trials",
                        to="plays.play",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trials",
                        to="assets.assetversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-began_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="TrialGuest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reaction",
                    models.CharField(
                        blank=True,
                        choices=[("", "Open"), ("yes", "Yes"), ("no", "No")],
                        default="",
                        max_length=3,
                    ),
                ),
                ("reacted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trials",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "reacted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "trial",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guests",
                        to="plays.trial",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="trial",
            index=models.Index(
                condition=models.Q(("decision", "")), fields=["decide_on"], name="trial_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.CheckConstraint(
                condition=models.Q(("decide_on__gt", models.F("began_on"))),
                name="trial_decided_after_its_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decision", "")),
                    models.Q(
                        models.Q(("decision", ""), _negated=True), ("decided_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="trial_decided_with_its_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="trialguest",
            constraint=models.UniqueConstraint(
                fields=("trial", "engagement"), name="one_guest_a_trial"
            ),
        ),
    ]
