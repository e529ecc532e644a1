"""Where victims come from: a process that has loaded everything forks, and its child becomes
`banso …`, so that a restart costs milliseconds and not seconds.

    python -m bench.drill.nursery LOG     then commands as JSON lists, one a line; answers pids
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


class Nursery:
    """The process, seen from outside."""

    def __init__(self, log: Path) -> None:
        command = [sys.executable, "-m", "bench.drill.nursery", str(log)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, *words: str) -> int:
        """A `banso` with these words; its pid."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)


def lives(pid: int) -> bool:
    """Whether a child of the nursery, whose ends are not waited for, still runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main(log: Path) -> None:
    load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            become(json.loads(line), log)
        print(pid, flush=True)


def load() -> None:
    """All that a command needs, without a connection or a thread of any engine."""
    import django

    django.setup()
    import duckdb  # noqa: F401
    from django.db import connection

    import banso.cli.commands.measure
    import banso.cli.commands.serve
    import banso.cli.commands.worker
    import banso.desk.rounds  # noqa: F401
    from banso.cli.prepare import pending

    pending()
    connection.close()


def become(words: Sequence[str], log: Path) -> None:
    from banso.cli.main import main as banso

    os.setsid()  # a group of its own, to be killed with its children
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(written, 1)
    os.dup2(written, 2)
    try:
        banso(words)
    except SystemExit as ended:
        os._exit(int(ended.code or 0))
    except BaseException:
        import traceback

        traceback.print_exc()
        sys.stderr.flush()
        os._exit(70)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
