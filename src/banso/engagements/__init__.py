"""Running alongside one party for one purpose, and the contracts that carry it."""
