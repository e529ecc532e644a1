"""Telling the owner of a recipe how a run went, once all of its imports have ended or wait."""

from django.utils import timezone

from banso.events.models import Import, RecipeRun

UNDER_WAY = (Import.Status.UPLOADED, Import.Status.STAGING, Import.Status.APPLYING)


def tell(owner: Import) -> None:
    """Called with each import that has come to an end, inside its transaction."""
    if owner.run_id is None:
        return
    run = RecipeRun.objects.select_for_update(of=("self",)).select_related("recipe").get(
        pk=owner.run_id
    )
    others = run.imports.exclude(pk=owner.pk)
    if run.told_at or others.filter(status__in=UNDER_WAY).exists():
        return
    run.told_at = timezone.now()
    run.save(update_fields=["told_at"])
