"""Next steps that come again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0002_side_and_shared"),
        ("engagements", "0006_restricted_index"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="action",
            name="every",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Once"),
                    ("week", "Week"),
                    ("two_weeks", "Two Weeks"),
                    ("month", "Month"),
                    ("quarter", "Quarter"),
                ],
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="every_from",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="action",
            name="follows",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="followed_by",
                to="actions.action",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("every", ""), ("every_from", None)),
                    models.Q(models.Q(("every", ""), _negated=True), ("every_from__isnull", False)),
                    _connector="OR",
                ),
                name="action_comes_again_from_a_day",
            ),
        ),
    ]
