"""Is a quotation what the document says?  Found by the index, compared with the document itself."""
