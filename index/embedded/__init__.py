"""Which passages hold the query, and how well?  Mapped postings in the data folder."""
