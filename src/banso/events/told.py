"""Telling the owner of a recipe how a run went, once all of its imports have ended or wait."""

from collections.abc import Sequence

from django.utils import timezone

from banso.base import notices
from banso.events.models import Import, RecipeRun

UNDER_WAY = (Import.Status.UPLOADED, Import.Status.STAGING, Import.Status.APPLYING)


def tell(owner: Import) -> None:
    """Called with each import that has come to an end, inside its transaction."""
    if owner.run_id is None:
        tell_importer(owner)
        return
    run = (
        RecipeRun.objects.select_for_update(of=("self",))
        .select_related("recipe")
        .get(pk=owner.run_id)
    )
    others = run.imports.exclude(pk=owner.pk)
    if run.told_at or others.filter(status__in=UNDER_WAY).exists():
        return
    run.told_at = timezone.now()
    run.save(update_fields=["told_at"])
    notices.notify(
        "recipe.run",
        [run.recipe.owner_id],
        actor=run.by,
        subject_id=run.pk,
        detail={"run": run.uid} | summary([*others, owner]),
    )


def summary(imports: Sequence[Import]) -> dict[str, object]:
    """The counts of a run; `stopped` are the tables that wait for a person or were refused."""
    done = [each for each in imports if each.status == Import.Status.DONE]
    return {
        "new": sum(each.created for each in done),
        "changed": sum(each.imported - each.created for each in done),
        "unchanged": sum(each.duplicates for each in done),
        "missing": sum(each.missing or 0 for each in done),
        "stopped": len(imports) - len(done),
    }


def tell_importer(owner: Import) -> None:
    """Whoever brought the file learns how it ended."""
    if owner.status in (Import.Status.DONE, Import.Status.REFUSED, Import.Status.FAILED):
        detail = {"import": owner.uid, "status": owner.status, "rows": owner.imported}
        to = [owner.by_id]
        notices.notify("import.ended", to, actor=None, subject_id=owner.pk, detail=detail)
