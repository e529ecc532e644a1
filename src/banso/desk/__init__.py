"""Staff pages that cross rooms, and the nightly round."""
