"""What can go wrong with searching.

SearchError
├── CollectionError    a collection for measuring lacks a file or holds a bad line
├── EngineUnavailable  a server that ranks is not there, or turns us away
└── TableUnusable      a table is missing, damaged or of another version (`mapped`)

Each message is one line: what, which, and the mend.
"""

from __future__ import annotations


class SearchError(Exception):
    """The root of every error this package raises on purpose."""


class CollectionError(SearchError):
    """A collection that cannot be measured."""


class EngineUnavailable(SearchError):
    """A server that ranks passages is not there, or turns us away."""
