"""What do the characters say?  Scripts, numerals, dates, sentences and lengths: the one ground."""
