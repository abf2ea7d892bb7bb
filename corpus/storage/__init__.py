"""Where are documents stored?  In SQLite or PostgreSQL, migrated, locked, moved and backed up."""
