"""One customer out of many systems: who may be the same, merging them, and taking it back."""
