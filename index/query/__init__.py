"""What is asked for?  Weighted clauses of alternative terms."""
