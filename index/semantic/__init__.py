"""What does a passage mean?  Vectors of the `semantic` extra, kept in the data folder."""
