"""The process that opens files of strangers: `python -m banso.events.child inspect|stage`.

Its order comes on standard input; on standard output it says how far it is, then its result or
the problem of the file, one JSON object a line.
"""

import json
import resource
import sys
from collections.abc import Callable, Mapping
from typing import Any

MEMORY = 1536 * 1024 * 1024
SECONDS = 1800
WRITTEN = 2 * 1024 * 1024 * 1024


def main() -> None:
    limit()
    from banso.engine.files import FileProblem
    from banso.events.staging import inspect, order_of, stage

    command, order = sys.argv[1], order_of(sys.stdin.read())
    try:
        found = inspect(order) if command == "inspect" else stage(order, progress)
    except FileProblem as problem:
        say({"problem": problem.code, "params": problem.params})
    except MemoryError:
        say({"problem": "too_much_memory", "params": {}})
    else:
        say({"result": found})


def limit() -> None:
    """Bound what this process may take, so that no file can take the machine."""
    lower: Callable[[int, int], None] = lambda what, most: resource.setrlimit(what, (most, most))  # noqa: E731
    lower(resource.RLIMIT_AS, MEMORY)
    lower(resource.RLIMIT_CPU, SECONDS)
    lower(resource.RLIMIT_FSIZE, WRITTEN)
    lower(resource.RLIMIT_CORE, 0)


def progress(done: int, total: int) -> None:
    say({"done": done, "total": total})


def say(message: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(message, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
