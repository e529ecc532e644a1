"""The event lake, metrics and file reading: the only room that speaks to an analytical engine."""
