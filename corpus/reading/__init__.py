"""What does a file say?  A reader by its content, bounded in time and memory, and its metadata."""
