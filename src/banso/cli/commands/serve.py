"""`banso serve`: the web server and its worker."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NAME = "serve"
HELP = "serve the pages, with a worker beside"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    parser.add_argument("--no-worker", action="store_true", help="run the worker elsewhere")


def run(options: argparse.Namespace) -> int:
    from banso.cli.prepare import prepare
    from banso.cli.setup_link import setup_link

    prepare()
    address = f"http://{options.host}:{options.port}"
    if link := setup_link(address):
        print(f"Set up this installation: {link}", flush=True)
    else:
        print(f"Banso: {address}", flush=True)
    with server(
        options.host, options.port, options.workers, with_worker=not options.no_worker
    ) as web:
        return web.wait()


def granian(
    host: str, port: int, workers: int, *, application: str = "banso.config.wsgi:application"
) -> list[str]:
    """The command of the web server."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        "4",
        "--log-level",
        "warning",
        "--no-ws",
        application,
    ]


@contextmanager
def server(
    host: str, port: int, workers: int, *, with_worker: bool
) -> Iterator[subprocess.Popen[bytes]]:
    """The web server as a child process, with a worker beside it; both end with the block."""
    if os.environ.get("BANSO_HTTPS", "no") != "yes":
        os.environ.setdefault("BANSO_URL", f"http://{host}:{port}")  # links in mails
    children = [subprocess.Popen(granian(host, port, workers), env=os.environ)]
    if with_worker:
        children.append(subprocess.Popen([sys.executable, "-m", "banso", "worker"], env=os.environ))
    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    try:
        yield children[0]
    except KeyboardInterrupt:
        pass
    finally:
        stop(children)


def ask_to_stop(number: int, frame: FrameType | None) -> None:
    """A service manager's SIGTERM ends the children too, as Ctrl-C does."""
    raise KeyboardInterrupt


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
