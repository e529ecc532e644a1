"""Parts of the lake as the manifest names them, for tests that read it for real."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from banso.base.models import Workspace
from banso.engagements.models import Engagement
from banso.engine.lake import PartResult, StagedEvent
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


def _part(built: PartResult, generation: int) -> LakePart:
    assert built.written is not None
    path = f"parts/{built.month:%Y-%m}/g{generation}.parquet"
    (folder() / path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(built.written.path, folder() / path)
    return LakePart.objects.create(
        origin=LakePart.Origin.RECEIVED,
        first_day=built.written.first_event,
        last_day=built.written.last_event,
        first_event_on=built.written.first_event,
        generation=generation,
        path=path,
        rows=built.rows,
        weight=built.weight,
    )
