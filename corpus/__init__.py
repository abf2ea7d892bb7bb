"""What do we hold?  Files become documents, documents passages, and both are kept."""
