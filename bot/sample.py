"""The casefile: sample documents that ship with Pincite, so that there is something to ask."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from corpus.reading import read

if TYPE_CHECKING:
    from corpus.library import Library

MATTER: Final = "casefile"


def file_casefile(library: Library) -> None:
    """File what is not filed yet. What was withdrawn stays withdrawn.

    Read in this process: these files are our own, and a fresh one takes longer than reading them.
    """
    shelf = files("corpus.casefile")
    for name in sorted(file.name for file in shelf.iterdir() if file.name.endswith(".md")):
        content, path = (shelf / name).read_bytes(), f"casefile/{name}"
        sha256 = hashlib.sha256(content).hexdigest()
        if library.settled(sha256, matter=MATTER, path=path, again=False) is None:
            library.file(read(content, name), matter=MATTER, path=path, again=False)
