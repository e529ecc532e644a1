"""What a clone says of who worked on it when: read by git itself, nothing of it is executed.

Only the day, the addresses and the sizes of a commit leave this module; messages, names and
paths are never asked for.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

MOST_COMMITS = 400_000
"""Of one clone, the newest so many."""
LONGEST_LINE = 64_000
PATIENCE = 60
EARLIEST = date(1990, 1, 1)
_RECORD, _FIELD, _VALUE = "\x1e", "\x1f", "\x1d"
_TRAILER = "%(trailers:key={},valueonly,unfold,separator=%x1d)"
_FORMAT = _FIELD.join(
    ["%P", "%aE", "%ad", "%cE", _TRAILER.format("Reviewed-by"), _TRAILER.format("Co-authored-by")]
)
_ADDRESS = re.compile(r"<([^<>\s]+)>")
_SIZE = re.compile(r"(\d+) (file|insertion|deletion)")
_SAFE = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C.UTF-8",
}
_SETTINGS = (
    "log.showSignature=false",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "protocol.allow=never",
    "diff.external=",
)


class NoClone(ValueError):
    """The path is no clone that can be read; `code` says why."""

    def __init__(self, path: Path, code: str) -> None:
        super().__init__(code)
        self.path, self.code = path, code


@dataclass(frozen=True)
class Commit:
    """One commit: addresses as git's mailmap gives them, in lower case."""

    day: date
    author: str
    committer: str
    merge: bool
    reviewers: Sequence[str]
    coauthors: Sequence[str]
    files: int = 0
    insertions: int = 0
    deletions: int = 0


def checked(path: Path) -> Path:
    """The clone at a path; raises NoClone for anything else."""
    folder = path.expanduser().resolve()
    if not folder.is_dir():
        raise NoClone(path, "no_folder")
    try:
        answer = _git(folder, "rev-parse", "--verify", "--quiet", "HEAD")
    except FileNotFoundError as absent:
        raise NoClone(path, "no_git") from absent
    except subprocess.TimeoutExpired as late:
        raise NoClone(path, "too_slow") from late
    if answer.returncode:
        raise NoClone(path, "no_clone")
    return folder


def is_shallow(folder: Path) -> bool:
    """Whether the clone holds only the newest part of its history."""
    return _git(folder, "rev-parse", "--is-shallow-repository").stdout.strip() == "true"


def commits(folder: Path) -> Iterator[Commit]:
    """The commits of the branch that is checked out, the newest first."""
    words = (
        "log",
        "--use-mailmap",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        "--shortstat",
        "--date=format:%Y-%m-%d",
        f"--max-count={MOST_COMMITS}",
        f"--format=tformat:%x1e{_FORMAT}",
        "HEAD",
        "--",
    )
    with subprocess.Popen(
        _command(folder, words),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        encoding="utf-8",
        errors="replace",
    ) as running:
        try:
            if running.stdout is not None:
                yield from _parsed(iter(lambda: running.stdout.readline(LONGEST_LINE), ""))  # type: ignore[union-attr]
        finally:
            running.kill()


def _parsed(lines: Iterator[str]) -> Iterator[Commit]:
    head, size = "", ""
    for line in lines:
        if line.startswith(_RECORD):
            if found := _commit(head, size):
                yield found
            head, size = line[1:].rstrip("\n"), ""
        elif line.strip():
            size = line
    if found := _commit(head, size):
        yield found


def _commit(head: str, size: str) -> Commit | None:
    """None for what has no plausible day."""
    cells = head.split(_FIELD)
    if len(cells) != 6:
        return None
    parents, author, day, committer, reviewers, coauthors = cells
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None
    if on < EARLIEST:
        return None
    counts = {name: int(number) for number, name in _SIZE.findall(size)}
    return Commit(
        day=on,
        author=author.lower(),
        committer=committer.lower(),
        merge=" " in parents,
        reviewers=_addresses(reviewers),
        coauthors=_addresses(coauthors),
        files=counts.get("file", 0),
        insertions=counts.get("insertion", 0),
        deletions=counts.get("deletion", 0),
    )


def _addresses(trailers: str) -> list[str]:
    found = (_ADDRESS.search(each) for each in trailers.split(_VALUE))
    return sorted({each.group(1).lower() for each in found if each})


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(folder, words),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=_environment(),
        encoding="utf-8",
        errors="replace",
        timeout=PATIENCE,
        check=False,
    )


def _command(folder: Path, words: Sequence[str]) -> list[str]:
    settings = [word for each in (*_SETTINGS, f"safe.directory={folder}") for word in ("-c", each)]
    return ["git", "--no-pager", "-C", str(folder), *settings, *words]


def _environment() -> dict[str, str]:
    """Nothing of the surroundings reaches git but where programs lie."""
    return {"PATH": os.environ.get("PATH", os.defpath), **_SAFE}
