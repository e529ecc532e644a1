"""`make bench`: every benchmark, with its table."""

import sys

from bench.measurements import main

sys.exit(main())
