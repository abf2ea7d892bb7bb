"""What are the words of a text?  Folded on the way in, with offsets into the original."""
