"""What managers decide about a source's rules."""

from django.db import transaction

from banso.base.activity import record
from banso.base.models import User
from banso.events.models import Source
from banso.ingest.models import Rules


@transaction.atomic
def set_rules(*, source: Source, accounts: str, people: str, by: User) -> None:
    """From the next request on, this is done about who is not known."""
    wanted = {"accounts": accounts, "people": people}
    Rules.objects.update_or_create(source=source, defaults=wanted)
    record("source.ruled", actor=by, subject_id=source.pk, detail=wanted)
