"""The book of one owner is summed and narrowed along one index."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0006_restricted_index"),
        ("goals", "0010_summed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="standing", name="standing_summed"),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                fields=[
                    *("current", "owner", "touch", "next_on", "gap", "stake"),
                    *("annual_minor", "last_contact_on", "next_kind", "engagement"),
                ],
                name="standing_of_book",
            ),
        ),
    ]
