"""The hand-written table of tests/house/test_access.py and the rows its addresses need."""

from typing import Any

PUBLIC = {
    "home",
    "health",
    "language",
    "theme",
    "set-up",
    "invitation",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}

#                       viewer  success  manager  admin
TABLE = """
staff                   -       -        R        R
invite                  -       -        -        W
withdraw-invitation     -       -        -        W
grant                   -       -        -        RW
settings                -       -        -        RW
profile                 RW      RW       RW       RW
"""


def arguments_of(name: str, own: Any, users: Any, *, foreign: Any = None) -> list[str]:
    """The words of the address: an existing row of each kind, of the foreign customer if given."""
    maker = MAKERS.get(name)
    return [maker(foreign or own.engagements[0], own, users)] if maker else []


def invitation(engagement: Any, own: Any, users: Any) -> str:
    from banso.base.actions import invite

    words = {"name": "", "role": "viewer", "team": None, "language": "ja"}
    return invite(actor=None, email="door@example.jp", **words).invitation.uid


def colleague(engagement: Any, own: Any, users: Any) -> str:
    return users["viewer"].uid


MAKERS = {"withdraw-invitation": invitation, "grant": colleague}
