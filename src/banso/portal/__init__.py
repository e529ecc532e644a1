"""Pages of the other side, and how they are shared with them."""
