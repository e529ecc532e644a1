"""Notice what changed: the few moves of the last days that matter, each with its track record."""
