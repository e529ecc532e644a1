"""Clones made by git itself, with people and sentences that must never be met again."""

import os
import subprocess
from datetime import date, timedelta

CANARIES = ("Quibblewick", "zanzibarine", "hollyhock-secret", "Kestrelmont", "vermicious")
"""Parts of the names, addresses, domains, messages and files below."""
QUIET = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


def git(folder, *words, stdin=None, **env):
    return subprocess.run(
        ["git", "-C", str(folder), *map(str, words)],
        check=True,
        capture_output=True,
        input=stdin,
        env=os.environ | QUIET | env,
    )


def new(folder):
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    return folder


def fast(folder, commits, *, mailmap=""):
    """Import (day, name, email, message) commits by git's own stream, the oldest first."""
    new(folder)
    lines = []
    for number, (day, name, email, message) in enumerate(commits, start=1):
        seconds = int((day - date(1970, 1, 1)).total_seconds()) + 36_000
        text = message.encode()
        head = f"commit refs/heads/main\nmark :{number}\n"
        who = f"{name} <{email}> {seconds} +0000\n"
        lines.append(f"{head}author {who}committer {who}data {len(text)}\n".encode() + text)
        before = f"from :{number - 1}\n" if number > 1 else ""
        body = f"change {number}\n"
        path = f"hollyhock-secret/{number % 7}.txt"
        lines.append(f"\n{before}M 644 inline {path}\ndata {len(body)}\n{body}\n".encode())
    if mailmap:
        number = len(commits)
        who = "Map <map@acme-corp.com> 1262304000 +0000\n"
        body = mailmap.encode()
        lines.append(
            f"commit refs/heads/main\nauthor {who}committer {who}data 1\nm\nfrom :{number}\n"
            f"M 644 inline .mailmap\ndata {len(body)}\n".encode()
            + body
            + b"\n"
        )
    git(folder, "fast-import", "--quiet", stdin=b"".join(lines))
    git(folder, "reset", "-q", "--hard", "main")
    return folder


def busy(folder, *, companies=60, years=3, until):
    """A clone whose companies decide some hundred terms: some stay, some leave."""
    commits = []
    for number in range(companies):
        domain = f"Kestrelmont{number}.com"
        stays = number % 3
        days = range(0, 365 * years, 45)
        for step in days:
            day = until - timedelta(days=365 * years - step)
            if stays or step < 200 + number:
                for person in range(1 + number % 3):
                    commits.append(
                        (
                            day,
                            f"Quibblewick {number}",
                            f"zanzibarine{person}@{domain}",
                            f"vermicious change\n\nReviewed-by: Q <zanzibarine9@{domain}>\n",
                        )
                    )
    commits.sort(key=lambda each: each[0])
    return fast(folder, commits)
