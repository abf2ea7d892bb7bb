"""The casefile: sample documents that ship with Pincite, for a first question."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from corpus import casefile
from corpus.reading.read import read

if TYPE_CHECKING:
    from corpus.library import Library

MATTER: Final = "casefile"


def file_casefile(library: Library) -> None:
    """File the sample documents that are not filed yet. A withdrawn one stays withdrawn.

    They are read in this process. These files are trusted, and starting a reader process takes
    longer than reading them.
    """
    for file in casefile.documents():
        content, path = file.read_bytes(), f"casefile/{file.name}"
        sha256 = hashlib.sha256(content).hexdigest()
        if library.known_outcome(sha256, matter=MATTER, path=path, again=False) is None:
            library.file(read(content, file.name), matter=MATTER, path=path, again=False)
