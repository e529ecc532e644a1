"""Whose and how silent those of a section are is read along its index."""

from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("goals", "0011_book_index")]

    operations = [
        migrations.RemoveIndex(model_name="standing", name="standing_in_section"),
        migrations.AddIndex(
            model_name="standing",
            index=models.Index(
                *("current", "section"),
                *(F("by_stake").desc(), F("by_gap").desc(), F("by_exposure").desc()),
                *("engagement", "owner", "touch", "last_contact_on", "stake"),
                name="standing_in_section",
            ),
        ),
    ]
