"""What is to be done when an import has changed something; higher rooms add their tasks."""

from collections.abc import Callable
from typing import Any

from django.tasks import Task

from banso.base.models import Job, Role, User
from banso.events.models import Import

AFTER_IMPORT: "list[Task[[], Any]]" = []
"""Tasks without arguments, added from the AppConfig.ready of the room that offers them."""


def announce() -> None:
    """Enqueue each task, unless it already waits; call it in the import's transaction."""
    for task in AFTER_IMPORT:
        unless_waiting(task)


def unless_waiting(task: "Task[[], Any]") -> None:
    """Enqueue a task, unless it already waits."""
    waiting = Job.objects.filter(task=task.module_path, status=Job.Status.READY)
    if not waiting.exists():
        task.enqueue()


AFTER_END: list[Callable[[Import], object]] = []
"""Called, in its transaction, with an import that has ended or waits for somebody to look at it.
Added from AppConfig.ready."""


type Note = tuple[str, object]

NOTES: list[Callable[[User, Role, Import], Note | None]] = []
"""What other rooms have to say below an import that came in: (template, what it may read as
`said`), or None. Added from AppConfig.ready."""


def notes(user: User, role: Role, owner: Import) -> list[Note]:
    """What there is to say to this user."""
    found = (tell(user, role, owner) for tell in NOTES)
    return [each for each in found if each is not None]


def ended(owner: Import) -> None:
    """Tell everybody who asked."""
    for hear in AFTER_END:
        hear(owner)
