"""`make bench`: the targets of ingestion, and of the engine at 5 and 50 million events, into
docs/benchmarks.md. Each in a process of its own."""

import subprocess
import sys

RUNS = (
    ["bench.ingestion", "--write"],
    ["bench.measurements", "--scale", "0.1", "--scale", "1.0", "--write"],
)

sys.exit(max([subprocess.call([sys.executable, "-m", *each]) for each in RUNS]))
