"""How good is it?  Measures over collections."""
