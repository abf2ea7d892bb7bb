"""The casefile: sample documents that ship with Pincite, so that there is something to ask."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from corpus import casefile
from corpus.reading.read import read

if TYPE_CHECKING:
    from corpus.library import Library

MATTER: Final = "casefile"


def file_casefile(library: Library) -> None:
    """File what is not filed yet. What was withdrawn stays withdrawn.

    Read in this process: these files are our own, and a fresh one takes longer than reading them.
    """
    for file in casefile.documents():
        content, path = file.read_bytes(), f"casefile/{file.name}"
        sha256 = hashlib.sha256(content).hexdigest()
        if library.settled(sha256, matter=MATTER, path=path, again=False) is None:
            library.file(read(content, file.name), matter=MATTER, path=path, again=False)
