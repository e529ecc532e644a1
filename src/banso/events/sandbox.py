"""Running the child that reads files: a bare environment, bounded memory, progress, an end."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import banso
from banso.events.staging import Order

type Progress = Callable[[int, int], bool]


class Refused(Exception):
    """The file cannot be read; `code` is a FileProblem's, or unreadable when the child died."""

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.params = dict(params or {})


class Stopped(Exception):
    """Somebody cancelled while the child was at work."""


def run(
    command: Literal["inspect", "stage"], order: Order, progress: Progress = lambda *_: True
) -> dict[str, Any]:
    """What the child found. `progress(done, total)` answers False to stop it.

    Raises Refused and Stopped.
    """
    with _child(command, order) as child:
        for message in _messages(child):
            if "result" in message:
                return dict(message["result"])
            if "problem" in message:
                raise Refused(message["problem"], message["params"])
            if not progress(message["done"], message["total"]):
                raise Stopped
    raise Refused("unreadable")


def order_text(order: Order) -> str:
    """The order as JSON, the reverse of `staging.order_of`."""
    return json.dumps({
        "path": str(order.path),
        "choice": asdict(order.choice),
        "setting": [order.setting.zone, order.setting.currency, order.setting.now.isoformat()],
        "out": str(order.out),
        "source": order.source,
        "import_id": order.import_id,
    })  # fmt: skip


@contextmanager
def _child(command: str, order: Order) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-m", "banso.events.child", command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(order.out),
        cwd=order.out,
        text=True,
        encoding="utf-8",
    )
    try:
        assert child.stdin is not None
        child.stdin.write(order_text(order))
        child.stdin.close()
        yield child
    finally:
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


def _messages(child: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert child.stdout is not None
    for line in child.stdout:
        yield json.loads(line)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours but where Python and this package are: no keys, no database address."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {
        "PYTHONPATH": str(Path(banso.__file__).parents[1]),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }
