"""The product's own web server as a process, with a home of its own, for SDKs to send to."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path

from bench import template

import banso
from banso.events.inbox import unpack
from banso.ingest.keys import digest_of

KEY = "srv_of_a_test"
PREPARE = f"""
import django
django.setup()
from banso.base.models import Workspace
from banso.events.sources import add_source
from banso.ingest.models import WriteKey
Workspace.objects.create(id=1, name="Test")
source = add_source(name="Product", by=None)
WriteKey.objects.create(source=source, kind="server", digest="{digest_of(KEY)}", shown="srv_of")
"""


class Server:
    """Starts, stops and starts again on one port; its database is looked at from outside."""

    def __init__(self, home):
        self.home, self.process = home, None
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        words = {k: v for k, v in os.environ.items() if not k.startswith("BANSO_")}
        place = str(Path(banso.__file__).parents[1])
        self.env = words | {
            "BANSO_HOME": str(home),
            "PYTHONPATH": place,
            "DJANGO_SETTINGS_MODULE": "banso.config.settings",
        }
        template.begin(home)
        subprocess.run([sys.executable, "-c", PREPARE], env=self.env, check=True)

    def start(self):
        command = [sys.executable, "-m", "banso", "serve", "--no-worker", "--workers", "1"]
        self.process = subprocess.Popen([*command, "--port", str(self.port)], env=self.env)
        until = time.monotonic() + 60
        while not self.answers():
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.1)

    def answers(self):
        try:
            with urllib.request.urlopen(f"{self.url}/v1/batch", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)

    @contextmanager
    def database(self):
        with closing(sqlite3.connect(self.home / "banso.sqlite3", timeout=30)) as found, found:
            yield found

    def rows(self):
        with self.database() as found:
            blobs = found.execute("select blob from events_inbox order by id").fetchall()
        return [row for (blob,) in blobs for row in unpack(blob)]

    def numbers(self):
        """The number each kept message carries; a message that came twice counts once."""
        return sorted({row[1]: json.loads(row[7])["n"] for row in self.rows()}.values())

    @contextmanager
    def full(self):
        """While the block runs nothing can be written, as on a disk that is full."""
        with self.database() as found:
            found.execute(
                "create trigger full before insert on events_inbox "
                "begin select raise(abort, 'disk is full'); end"
            )
        yield
        with self.database() as found:
            found.execute("drop trigger full")

    def hurried(self, seconds):
        """The key has sent too much for so many seconds to come."""
        with self.database() as found:
            found.execute(
                "update ingest_writekey set busy_until = datetime('now', ?)",
                (f"+{seconds + 2.5} seconds",),
            )

    def codes(self):
        """Why whole requests were refused."""
        with self.database() as found:
            return {code for (code,) in found.execute("select code from ingest_receipt")} - {""}
