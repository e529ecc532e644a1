"""The one-time link with which an empty installation gets its first administrator."""

from django.core import signing
from django.urls import reverse

SALT = "banso.set-up"


def setup_link(address: str) -> str | None:
    """The link, or nothing once somebody has come in."""
    from banso.base.models import StaffGrant

    if StaffGrant.objects.exists():
        return None
    return f"{address}{reverse('set-up')}?key={signing.dumps('set-up', salt=SALT)}"
