"""`banso lake`: what the event lake holds, whether it is sound, a copy for other tools, and
no more of somebody."""

import argparse
from pathlib import Path

NAME = "lake"
HELP = "the event lake: status, verify, compact, export, retry, erase"


def arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("status", help="say what it holds and what waits")
    verbs.add_parser("verify", help="read every file again, against the manifest")
    verbs.add_parser("compact", help="put the parts of each day or month into one, now")
    export = verbs.add_parser("export", help="write a plain folder that any tool reads")
    export.add_argument("path", type=Path, help="a folder that is not there yet, or empty")
    verbs.add_parser("retry", help="have batches loaded again that were set aside")
    erase = verbs.add_parser("erase", help="take one person's events out, for good")
    erase.add_argument("person", help="a uid, an e-mail address, or SOURCE:ID")
    erase.add_argument("--yes", action="store_true", help="do not ask")


def run(options: argparse.Namespace) -> int:
    from banso.cli.prepare import prepare

    prepare()
    return VERBS[options.verb](options)


def status(_options: argparse.Namespace) -> int:
    from banso.cli.lake_status import lines

    print("\n".join(lines()))
    return 0


def verify(_options: argparse.Namespace) -> int:
    from banso.events.checking import verify as faults
    from banso.events.models import LakePart

    found = list(faults())
    for fault in found:
        print(f"{fault.code}: {fault.where}")
    files = LakePart.objects.count()
    print(f"{files:,} files read: " + (f"{len(found):,} faults" if found else "all sound"))
    return int(bool(found))


def compact(_options: argparse.Namespace) -> int:
    from banso.events.compacting import compact_all
    from banso.events.parts import sweep

    print(f"{compact_all(everything=True):,} files put together, {sweep():,} old files removed")
    return 0


def export(options: argparse.Namespace) -> int:
    from banso.events.exporting import NotEmpty, export_to

    try:
        rows = export_to(options.path)
    except NotEmpty:
        print(f"{options.path} is not an empty folder")
        return 2
    print(f"{rows:,} events written to {options.path}")
    return 0


def retry(_options: argparse.Namespace) -> int:
    from banso.events.loading import try_again

    print(f"{try_again():,} batches wait to be loaded again")
    return 0


def erase(options: argparse.Namespace) -> int:
    from banso.cli.erasing import erase as take_out

    return take_out(options.person, sure=options.yes)


VERBS = {
    "status": status,
    "verify": verify,
    "compact": compact,
    "export": export,
    "retry": retry,
    "erase": erase,
}
