"""Attacks, each named by what it tries: every one has to fail."""
