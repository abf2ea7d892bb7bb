"""What does a question name?  The documents of a scope by their names, laws and their articles."""
