"""Where is it kept?  SQLite or PostgreSQL, migrated, locked, moved and backed up."""
