"""What is to be done when an import has changed something; higher rooms add their tasks."""

from typing import Any

from django.tasks import Task

from banso.base.models import Job

AFTER_IMPORT: "list[Task[[], Any]]" = []
"""Tasks without arguments, added from the AppConfig.ready of the room that offers them."""


def announce() -> None:
    """Enqueue each task, unless it already waits; call it in the import's transaction."""
    for task in AFTER_IMPORT:
        waiting = Job.objects.filter(task=task.module_path, status=Job.Status.READY)
        if not waiting.exists():
            task.enqueue()
