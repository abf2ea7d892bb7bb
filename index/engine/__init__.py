"""What must an engine do, and what do all of them share?  The protocol, BM25, postings, sync."""
