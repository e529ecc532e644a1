"""A renewal window is sorted by any column without reading its rows one by one."""

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
            name="standing_by_next",
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
    ]
