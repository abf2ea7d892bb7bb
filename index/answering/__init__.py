"""Is it an answer?  How likely, when to refuse, and which of the words to show."""
