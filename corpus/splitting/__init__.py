"""Where does a passage begin and end?  Paragraphs, articles and clauses, as verbatim spans."""
