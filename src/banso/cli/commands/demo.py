"""`banso demo`: a sample company, open in the browser of this machine."""

import argparse
import socket
import subprocess
import sys
import time
import urllib.request
import webbrowser

from banso.cli.commands.serve import server

NAME = "demo"
HELP = "a synthetic sample company, open on this machine"
FIRST_PORT = 8000
PATIENCE = 60.0


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--customers", type=int, default=240, help="how many (default 240)")
    parser.add_argument("--language", choices=["ja", "en"], default="ja")
    parser.add_argument("--seed", type=int, default=20260401)
    parser.add_argument("--port", type=int, help="default: the first free one from 8000")
    parser.add_argument(
        "--check", action="store_true", help="start, look at the sign-in page, stop"
    )


def run(options: argparse.Namespace) -> int:
    from banso.base.models import Workspace
    from banso.cli.prepare import prepare
    from banso.demo.install import install

    prepare()
    if not Workspace.objects.filter(id=1).exists():
        print(f"Making a company with {options.customers} customers ...", flush=True)
        install(customers=options.customers, seed=options.seed, language=options.language)
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
