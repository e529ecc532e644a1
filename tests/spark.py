"""A standalone Spark cluster on loopback: a master and two workers of PySpark's own jars."""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

WORKERS = 2
PATIENCE = 300
SOON_OVER = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""What lives for a minute gains nothing by compiling itself well."""
DEFAULTS = f"""\
spark.cores.max 2
spark.driver.bindAddress 127.0.0.1
spark.driver.extraJavaOptions {SOON_OVER}
spark.driver.host 127.0.0.1
spark.driver.memory 768m
spark.executor.cores 1
spark.executor.extraJavaOptions {SOON_OVER}
spark.executor.memory 512m
spark.sql.shuffle.partitions 2
spark.ui.enabled false
"""
QUIET = """\
rootLogger.level = error
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %c: %m%n
"""


def lacking() -> str | None:
    """What has to be installed before a cluster can run here."""
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "no Java on this machine: sudo apt install openjdk-17-jre-headless"
    if any(find_spec(name) is None for name in ("pyspark", "pyarrow", "sqlglot")):
        return "PySpark is not installed: pip install 'banso[spark]'"
    return None


@contextmanager
def standalone(home: Path) -> Iterator[str]:
    """A running cluster; its address. Whatever starts Spark meanwhile reads its settings."""
    (home / "spark-defaults.conf").write_text(DEFAULTS)
    (home / "log4j2.properties").write_text(QUIET)
    os.environ |= {"SPARK_CONF_DIR": str(home), "SPARK_LOCAL_IP": "127.0.0.1"}
    port, page = free_port(), free_port()
    master = f"spark://127.0.0.1:{port}"
    here = ["--host", "127.0.0.1"]
    with ExitStack() as stack:
        ports = ["--port", str(port), "--webui-port", str(page)]
        stack.enter_context(daemon(home / "master", "master.Master", *here, *ports))
        for number in range(WORKERS):
            folder = home / f"worker-{number}"
            size = ["--cores", "2", "--memory", "1500m", "--work-dir", str(folder / "work")]
            words = ["worker.Worker", master, *here, "--webui-port", "0", *size]
            stack.enter_context(daemon(folder, *words))
        wait_for_workers(f"http://127.0.0.1:{page}/json/", home)
        yield master


@contextmanager
def daemon(folder: Path, name: str, *words: str) -> Iterator[None]:
    """A process of the cluster, ended at the end."""
    folder.mkdir()
    spark_class = Path(find_spec("pyspark").origin).parent / "bin" / "spark-class"
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [spark_class, f"org.apache.spark.deploy.{name}", *words],
            env=os.environ | {"SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": SOON_OVER},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def wait_for_workers(page: str, home: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if alive(page) == WORKERS:
            return
        time.sleep(0.2)
    logs = "\n".join(path.read_text()[-2000:] for path in sorted(home.glob("*/log")))
    raise TimeoutError(f"no cluster of {WORKERS} workers after {PATIENCE} s\n{logs}")


def alive(page: str) -> int:
    try:
        with urllib.request.urlopen(page, timeout=5) as answer:
            return json.load(answer)["aliveworkers"]
    except OSError:
        return 0


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
