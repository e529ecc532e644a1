"""Parts of the lake as the manifest names them, for tests that read it for real."""

import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from banso.base.models import Workspace
from banso.engagements.models import Engagement
from banso.engine.lake import StagedEvent
from banso.events.lake import folder
from banso.events.models import ExternalId, LakePart, Source
from tests.engine.events import Lake


def name(engagement: Engagement, account: str = "acme") -> Source:
    """Source 1 calls the engagement so."""
    source, _ = Source.objects.get_or_create(pk=1, defaults={"key": "app", "name": "App"})
    kind = ExternalId.Kind.ACCOUNT
    ExternalId.objects.create(source=source, kind=kind, value=account, engagement=engagement)
    return source


def add_parts(events: Iterable[StagedEvent], generation: int = 1) -> list[LakePart]:
    """The months of these events, in the manifest."""
    told = list(events)
    with TemporaryDirectory() as home:
        made = Lake(Path(home))
        made.stage(*told)
        built = made.build({1: {each.account for each in told}})
        found = [_part(each, generation) for each in built]
    Workspace.objects.filter(id=1).update(usage_connected=True)
    return found


def _part(built, generation: int) -> LakePart:
    path = f"parts/{built.month:%Y-%m}/g{generation}.parquet"
    (folder() / path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(built.path, folder() / path)
    return LakePart.objects.create(
        first_day=built.month,
        last_day=(built.month + timedelta(31)).replace(day=1) - timedelta(1),
        first_event_on=built.first_day,
        generation=generation,
        path=path,
        rows=built.rows,
        weight=built.weight,
    )
