"""The event lake, metric SQL and file reading; the only room that speaks to an analytical engine."""
