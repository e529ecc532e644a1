"""`banso mail`: takes one mail from standard input, for a mail server's pipe."""

import argparse
import sys

NAME = "mail"
HELP = "take in one mail from standard input (for the pipe of a mail server)"
TRY_LATER = 75  # EX_TEMPFAIL of sysexits.h: the server keeps the mail and tries again


def arguments(parser: argparse.ArgumentParser) -> None:
    """None: what becomes of the mail is decided by what stands in it."""


def run(options: argparse.Namespace) -> int:
    """Exit code 0 also for a mail that was refused or put aside: nobody is written back to.
    75 when it could not be stored."""
    from django.db import DatabaseError

    from banso.cli.prepare import prepare
    from banso.inbound.mail import LARGEST
    from banso.inbound.reading import take_mail

    raw = sys.stdin.buffer.read(LARGEST + 1)
    while sys.stdin.buffer.read(1 << 20):
        pass  # a server whose pipe closes early would send the mail back
    try:
        prepare()
        print(take_mail(raw).value)
    except (DatabaseError, OSError) as error:
        print(f"banso mail: {type(error).__name__}; try again later", file=sys.stderr)
        return TRY_LATER
    return 0
