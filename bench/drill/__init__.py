"""Killing processes in the middle of their work, and filling a disk: what is left afterwards."""
