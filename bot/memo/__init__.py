"""How do kept passages become a document?  Quotations, footnotes and a table of authorities."""
