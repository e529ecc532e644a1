"""`banso lake erase`: says what is there of somebody, asks, and takes it out."""

import sys

from banso.cli.output import Unknown
from banso.cli.people import Called, called
from banso.events.erasing import Found, erase_ids, find


def erase(text: str, *, sure: bool) -> int:
    """The exit code: 0 where it is done, 1 where somebody said no, 2 where nobody is called so."""
    try:
        who = called(text)
    except Unknown as problem:
        print(f"banso: {problem}", file=sys.stderr)
        return 2
    print("\n".join(lines(who, find(who.ids))))
    if not sure and not agreed():
        print("nothing was changed")
        return 1
    done = erase_ids(who.ids, party=who.party)
    print(f"{done.events:,} events erased, {done.files:,} files written anew")
    return 0


def lines(who: Called, found: Found) -> list[str]:
    named = f"{who.party.name} ({who.party.uid})" if who.party else "nobody we have a record of"
    return [
        f"person: {named}, {len(who.ids):,} ids of sources",
        f"in the lake: {found.events:,} events in {found.files:,} files",
        f"waiting: {found.waiting:,} events",
        "They are taken out for good, and events of these ids are not taken any more.",
    ]


def agreed() -> bool:
    """What stands there now is the answer; no answer is a no."""
    try:
        return input("Erase them? Type yes: ").strip().lower() == "yes"
    except EOFError:
        return False
