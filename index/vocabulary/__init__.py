"""Which other words say the same?  Thesaurus, glossary, dictionary, and words near in meaning."""
