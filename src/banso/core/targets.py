"""Targets: progress from where we started, gap to the ideal, and what they add up to."""
