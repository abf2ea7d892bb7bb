"""What the bot itself remembers: one module a subject, with its tables, queries and migrations."""
