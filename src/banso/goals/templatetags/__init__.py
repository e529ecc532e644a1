"""Tags of success plans."""
