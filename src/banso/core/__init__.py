"""Pure values and calculations: no framework, no SQL, no clock, no files."""
