"""What the worker does for sources, at every look."""

from banso.ingest.folding import fold
from banso.ingest.models import Receipt, Telling
from banso.ingest.settling import settle_all


def catch_up() -> bool:
    """Count receipts, settle who is who; whether there was anything to do."""
    busy = Receipt.objects.filter(folded=False).exists() and bool(fold())
    return (Telling.objects.exists() and bool(settle_all())) or busy
