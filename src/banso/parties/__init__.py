"""Organizations, people and who belongs where."""
