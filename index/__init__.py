"""Which passages answer?  Analysis, expansion, ranking, abstention and measurement."""
