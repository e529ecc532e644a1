"""Standards of imported segment names become those of segments."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("goals", "0005_stages"), ("metrics", "0002_segment")]
AFTER = [("goals", "0006_standards_of_segments")]


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_a_label_with_a_standard_becomes_a_segment_that_asks_for_it():
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate(BEFORE)
    goal = executor.loader.project_state(BEFORE).apps.get_model("goals", "Goal")
    for label in ("", "大手", "中小"):
        goal.objects.create(label=label)
    try:
        executor = MigrationExecutor(connection)
        executor.migrate(AFTER)
        apps = executor.loader.project_state(AFTER).apps
        found = apps.get_model("goals", "Goal").objects.order_by("label")
        assert [each.segment and each.segment.condition for each in found] == [
            None,
            {"all": [{"field": "label", "op": "is", "value": "中小"}]},
            {"all": [{"field": "label", "op": "is", "value": "大手"}]},
        ]
        assert [each.segment.position for each in found if each.segment] == [0, 1]
    finally:
        apps.get_model("goals", "Goal").objects.all().delete()
        apps.get_model("metrics", "Segment").objects.all().delete()
        executor = MigrationExecutor(connection)
        executor.migrate(leaves)
