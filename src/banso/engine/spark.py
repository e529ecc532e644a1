"""Measurements on a Spark cluster, for lakes that outgrew one machine: the same text over the same
files. The cluster's machines see the lake under the path it has here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from banso.engine.spark_text import PROPERTIES, in_spark
from banso.engine.store import Store, measuring_with

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame, SparkSession

_OPTIONS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",  # files are told, not found
    "spark.ui.showConsoleProgress": "false",
}
_GLOB = str.maketrans({sign: f"\\{sign}" for sign in "\\*?[]{}"})


class Missing(Exception):
    """Spark cannot run here; the message says what to install or to mend."""


@contextmanager
def cluster(master: str) -> Iterator["SparkSession"]:
    """A session of the cluster `master` (spark://host:port, or local[N] for this machine alone).

    Everything else is read from Spark's own spark-defaults.conf. Raises Missing.
    """
    session = _session(master)
    try:
        yield session
    finally:
        session.stop()


@contextmanager
def measuring_at(master: str) -> Iterator[None]:
    """Let every measurement within run on that cluster; on this machine where none is named.
    Raises Missing."""
    if not master:
        yield
        return
    with cluster(master) as session, measuring_on(session):
        yield


def measuring_on(session: "SparkSession") -> AbstractContextManager[None]:
    """Let every measurement within run on this cluster."""

    @contextmanager
    def opener(files: Sequence[Path]) -> Iterator[Store]:
        del files  # a statement names those it reads
        store = Cluster(session.newSession())
        try:
            yield store
        finally:
            store.close()

    return measuring_with(opener)


class Cluster:
    """A Spark session as a store: tables are views of its own."""

    def __init__(self, session: "SparkSession") -> None:
        self.session = session
        self.kept: list[DataFrame] = []

    def table(
        self, name: str, columns: Mapping[str, str], rows: Iterable[Sequence[object]]
    ) -> None:
        _view(name, self.session.createDataFrame(_arrow(columns, rows)))

    def derived(self, name: str, query: str) -> None:
        found = self._asked(query).cache()
        self.kept.append(found)
        found.count()  # a table whose size is known is sent to the rows, not the rows to it
        found.createOrReplaceTempView(name)

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        yield from self._asked(query).toLocalIterator()

    def close(self) -> None:
        for found in self.kept:
            found.unpersist()

    def _asked(self, query: str) -> "DataFrame":
        text, read = in_spark(query)
        for name, files in read.items():
            paths = [f"file://{path.translate(_GLOB)}" for path in files]
            _view(name, self.session.read.parquet(*paths))
        return self.session.sql(text)


def _session(master: str) -> "SparkSession":
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise Missing("PySpark is not installed: pip install 'banso[spark]'") from None
    builder = SparkSession.builder.master(master).appName("banso")
    for name, value in _OPTIONS.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except (Py4JError, PySparkException) as error:
        raise Missing(f"Spark did not start on {master}: {_reason(str(error))}") from error


def _reason(told: str) -> str:
    """The line that says what happened, among Java's."""
    lines = told.strip().splitlines()
    return next((line[2:] for line in lines if line.startswith(": ")), lines[0])


def _view(name: str, found: "DataFrame") -> None:
    """Name what was found; properties are parsed where, and only where, a statement asks."""
    if "properties" in found.columns:
        from pyspark.sql.functions import expr

        found = found.withColumn("properties", expr(f"from_json(properties, '{PROPERTIES}')"))
    found.createOrReplaceTempView(name)


def _arrow(columns: Mapping[str, str], rows: Iterable[Sequence[object]]) -> "pyarrow.Table":
    import pyarrow

    kinds = {
        "integer": pyarrow.int32(),
        "varchar": pyarrow.string(),
        "date": pyarrow.date32(),
        "timestamp": pyarrow.timestamp("us"),
    }
    schema = pyarrow.schema([(name, kinds[kind]) for name, kind in columns.items()])
    told = list(zip(*rows, strict=True)) or [() for _ in columns]
    arrays = [pyarrow.array(each, kind) for each, kind in zip(told, schema.types, strict=True)]
    return pyarrow.Table.from_arrays(arrays, schema=schema)
