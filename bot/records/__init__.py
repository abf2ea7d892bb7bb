"""What the bot itself remembers, and the tables it stands in: a module for each subject."""
