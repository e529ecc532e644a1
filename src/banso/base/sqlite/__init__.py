"""SQLite, asked again sooner by whoever a person waits for."""
