"""Barriers, the plays that lower them, and what was given to whom with which effect."""
