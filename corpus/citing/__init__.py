"""How is a passage named?  Ids, pins, and the styles in which people cite."""
