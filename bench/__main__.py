"""`make bench`: every benchmark, with its table."""

import runpy
import sys

sys.exit(runpy.run_path("bench/snapshot_from_raw.py", run_name="__main__"))
