"""The command line and data folders of the bot's own tests, to be attacked."""

from __future__ import annotations

from tests.bot.conftest import _filed_once, filed, nowhere, opened, pincite, shared_reader
from tests.index.conftest import file, library, searcher

__all__ = [
    "_filed_once",
    "file",
    "filed",
    "library",
    "nowhere",
    "opened",
    "pincite",
    "searcher",
    "shared_reader",
]
