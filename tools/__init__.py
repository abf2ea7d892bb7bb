"""What is built before anything is answered: dictionaries, neighbours, names and weights."""
