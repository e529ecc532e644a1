"""Layout, components, charts and static files; no business word in it."""
