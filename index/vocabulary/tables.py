"""The tables that must be built once, where they are kept, and how they are opened.

`python -m index.vocabulary.tables` builds them; the set-up calls it, and any other installation
builds them when they are first needed. They are kept beside the installed packages where that
folder can be written, so that every data folder of a machine shares them, and in the data folder
otherwise.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from index.vocabulary import thesaurus
from index.vocabulary.expansion import QueryExpansion
from index.vocabulary.glossary import Glossary
from index.vocabulary.translation_table import Table
from tools.translations import FILE, Progress, ensure


def shared_folder() -> Path:
    """The installation's own folder for tables: `share/pincite` of the Python environment."""
    return Path(sys.prefix) / "share" / "pincite"


def open_table(fallback: Path | None = None, progress: Progress | None = None) -> Table:
    """The translation table, built first if need be; `fallback` where the shared place is closed.

    Raises OSError when neither place can be written.
    """
    shared = shared_folder()
    if fallback and not (shared / FILE).exists() and not _writable(shared):
        return ensure(fallback, progress)
    try:
        return ensure(shared, progress)
    except OSError:
        if fallback is None:
            raise
        return ensure(fallback, progress)


def open_other_words(
    fallback: Path | None = None, progress: Progress | None = None, glossary: Path | None = None
) -> QueryExpansion:
    """What knows other ways to say a question's words: dictionary, both thesauri, glossary."""
    team = Glossary(glossary) if glossary else None
    table = open_table(fallback, progress)
    return QueryExpansion(table, [thesaurus.legal()], team, thesaurus.everyday())


def _writable(folder: Path) -> bool:
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return os.access(there, os.W_OK)


def main() -> None:
    """Build what is missing, telling on standard error."""

    def tell(done: int, steps: int) -> None:
        sys.stderr.write(f"\rbuilding the translation table from CC-CEDICT: {done}/{steps}")
        sys.stderr.write("\n" if done == steps else "")
        sys.stderr.flush()

    open_table(progress=tell)


if __name__ == "__main__":
    main()
