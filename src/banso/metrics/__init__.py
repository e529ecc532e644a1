"""Definitions of numbers, and the measurements they give."""
