"""A list filtered by segment or by a window of dates is sorted by any column within one index; the
stakes of one's own book are summed there too."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0006_restricted_index"),
        ("goals", "0013_filters_in_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_of_owner",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_in_order",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_by_name",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_by_owner",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_by_gap",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_by_health",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_by_value",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_by_next",
        ),
        migrations.RemoveIndex(
            model_name="standing",
            name="standing_by_contact",
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                models.F("current"),
                models.OrderBy(models.F("by_stake"), descending=True),
                models.OrderBy(models.F("by_gap"), descending=True),
                models.OrderBy(models.F("by_exposure"), descending=True),
                models.F("engagement"),
                models.F("owner"),
                models.F("touch"),
                models.F("next_on"),
                models.F("segment"),
                name="standing_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                models.F("owner"),
                models.F("current"),
                models.F("section"),
                models.OrderBy(models.F("by_stake"), descending=True),
                models.OrderBy(models.F("by_gap"), descending=True),
                models.OrderBy(models.F("by_exposure"), descending=True),
                models.F("engagement"),
                models.F("stake"),
                name="standing_of_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=["current", "name", "engagement", "owner", "touch", "next_on", "segment"],
                name="standing_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=[
                    "current",
                    "owner_name",
                    "engagement",
                    "owner",
                    "touch",
                    "next_on",
                    "segment",
                ],
                name="standing_by_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=["current", "gap", "engagement", "owner", "touch", "next_on", "segment"],
                name="standing_by_gap",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=["current", "health", "engagement", "owner", "touch", "next_on", "segment"],
                name="standing_by_health",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=[
                    "current",
                    "annual_minor",
                    "engagement",
                    "owner",
                    "touch",
                    "next_on",
                    "segment",
                ],
                name="standing_by_value",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=[
                    "current",
                    "next_on",
                    "engagement",
                    "owner",
                    "touch",
                    "by_stake",
                    "by_gap",
                    "by_exposure",
                    "gap",
                    "health",
                    "annual_minor",
                    "last_contact_on",
                    "name",
                    "segment",
                    "owner_name",
                ],
                name="standing_by_next",
            ),
        ),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=[
                    "current",
                    "last_contact_on",
                    "engagement",
                    "owner",
                    "touch",
                    "next_on",
                    "segment",
                ],
                name="standing_by_contact",
            ),
        ),
    ]
