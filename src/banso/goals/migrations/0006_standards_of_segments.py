"""The standards of imported segment names become those of segments that ask for the name."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def name_segments(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A segment for each name that has a standard, in the order of names as before."""
    goal = apps.get_model("goals", "Goal")
    segment = apps.get_model("metrics", "Segment")
    labelled = goal.objects.filter(engagement=None).exclude(label="").order_by("label")
    for position, each in enumerate(labelled):
        each.segment = segment.objects.create(
            name={"ja": each.label, "en": each.label},
            condition={"all": [{"field": "label", "op": "is", "value": each.label}]},
            position=position,
        )
        each.save(update_fields=["segment"])


class Migration(migrations.Migration):
    dependencies = [("goals", "0005_stages")]
    operations = [migrations.RunPython(name_segments, migrations.RunPython.noop)]
