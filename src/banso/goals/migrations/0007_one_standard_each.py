import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("goals", "0006_standards_of_segments")]
    operations = [
        migrations.RemoveField(model_name="goal", name="label"),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("engagement", None),
                    models.Q(("segment", None), ("stage", None)),
                    _connector="OR",
                ),
                name="goal_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.UniqueConstraint(
                fields=("segment", "stage"), name="one_standard_of_a_segments_stage"
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("segment__isnull", False), ("stage", None)),
                fields=("segment",),
                name="one_standard_of_a_segment",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("segment", None), ("stage__isnull", False)),
                fields=("stage",),
                name="one_standard_of_a_stage",
            ),
        ),
        migrations.AddConstraint(
            model_name="goal",
            constraint=models.UniqueConstraint(
                django.db.models.functions.comparison.Coalesce("engagement", 0),
                condition=models.Q(("engagement", None), ("segment", None), ("stage", None)),
                name="one_standard_for_everyone",
            ),
        ),
    ]
