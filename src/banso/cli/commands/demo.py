"""`banso demo`: a sample company, open in the browser of this machine."""

import argparse
import socket
import subprocess
import sys
import time
import urllib.request
import webbrowser
from pathlib import Path

from banso.cli.commands.serve import server

NAME = "demo"
HELP = "a synthetic sample company, open on this machine"
FIRST_PORT = 8000
PATIENCE = 60.0
NO_CLONE = {
    "no_folder": "no such folder",
    "no_git": "git is not installed",
    "no_clone": "not a git clone with commits",
    "too_slow": "git gave no answer within a minute",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--customers", type=int, default=240, help="how many (default 240)")
    parser.add_argument("--language", choices=["ja", "en"], default="ja")
    parser.add_argument("--seed", type=int, default=20260401)
    parser.add_argument(
        "--from-git",
        metavar="PATH",
        type=Path,
        nargs="+",
        help="derive the company from these clones, under other names",
    )
    parser.add_argument("--port", type=int, help="default: the first free one from 8000")
    parser.add_argument(
        "--check", action="store_true", help="start, look at the sign-in page, stop"
    )


def run(options: argparse.Namespace) -> int:
    from banso.base.models import Workspace
    from banso.cli.prepare import prepare
    from banso.demo.company import FEWEST
    from banso.demo.install import install

    if options.customers < FEWEST:
        print(f"banso demo: a company needs at least {FEWEST} customers", file=sys.stderr)
        return 2
    prepare()
    if options.from_git:
        if refused := derived(options):
            print(f"banso demo: {refused}", file=sys.stderr)
            return 2
    elif not Workspace.objects.filter(id=1).exists():
        print(f"Making a company with {options.customers} customers ...", flush=True)
        words = {"seed": options.seed, "language": options.language}
        install(customers=options.customers, **words, tell=say)
    if not Workspace.objects.get(id=1).synthetic:
        print("BANSO_HOME holds a real company; the demo leaves it alone.", file=sys.stderr)
        return 2
    port = options.port or free_port()
    address = f"http://127.0.0.1:{port}/"
    with server("127.0.0.1", port, 1, with_worker=not options.check) as web:
        if not answers(f"{address}sign-in/", web):
            print("The server did not answer; `banso doctor` may say why.", file=sys.stderr)
            return 1
        print(welcome(address), flush=True)
        if options.check:
            return 0
        print("  Ctrl-C stops it; the next start is quick.", flush=True)
        if sys.stdout.isatty():
            webbrowser.open(address)
        web.wait()
    return 0


def say(step: str) -> None:
    """What the making of the company comes to next."""
    print(f"  {step} ...", flush=True)


def derived(options: argparse.Namespace) -> str:
    """Make the company of the clones; why not, in words, or "" when it is there."""
    from banso.base.models import Workspace
    from banso.demo.from_git import FEWEST_DECIDED, TooFew, install_from_git
    from banso.demo.git_read import NoClone

    if Workspace.objects.filter(id=1).exists():
        return "BANSO_HOME is not empty; name an empty folder in BANSO_HOME to begin anew."
    print(f"Reading {len(options.from_git)} clone(s) ...", flush=True)
    try:
        found = install_from_git(options.from_git, language=options.language)
    except NoClone as refused:
        return f"{refused.path}: {NO_CLONE[refused.code]}"
    if isinstance(found, TooFew):
        return too_few(found.decided, found.accounts, found.shallow, FEWEST_DECIDED)
    print(f"  {len(found.accounts)} customers, {found.decided} decided half-year terms", flush=True)
    return ""


def too_few(decided: int, accounts: int, shallow: int, needed: int) -> str:
    """What was found, and what to do about it."""
    said = (
        f"these clones give {decided} decided half-year terms of {accounts} customers; a record"
        f" worth showing needs {needed}. Nothing was written. Add clones with more contributors"
        " or a longer history, all paths in one command."
    )
    if shallow:
        said += f" {shallow} of them hold only recent history: run git fetch --unshallow there."
    return said


def welcome(address: str) -> str:
    """The address and how to come in."""
    from banso.demo.install import PASSWORD, sign_ins

    doors = "\n".join(f"  {each.role:16} {each.email}   ({each.name})" for each in sign_ins())
    return f"\n  Banso            {address}\n{doors}\n  password         {PASSWORD}\n"


def free_port() -> int:
    """The first port from 8000 on which nothing listens."""
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise SystemExit("banso: no free port from 8000 to 8099; name one with --port")


def answers(url: str, web: subprocess.Popen[bytes]) -> bool:
    """Wait until the page is there; False when the server ended or patience did."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and web.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as page:
                return bool(page.status == 200)
        except OSError:
            time.sleep(0.1)
    return False
