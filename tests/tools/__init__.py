"""Tests of what builds the tables and the weights."""
