"""`make bench`: the targets of the engine at 5 and 50 million events, into docs/benchmarks.md."""

import sys

from bench.measurements import main

sys.argv += ["--scale", "0.1", "--scale", "1.0", "--write"]
sys.exit(main())
