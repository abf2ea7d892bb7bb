"""Files and folders that appear whole or not at all, and outlive a power cut.

Content is written beside its place, brought to the disk, and then renamed: a reader, and whoever
starts after a kill, sees the old state or the new one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".tmp"
"""How the name of what is not finished ends."""


def replace_file(path: Path, content: Iterable[bytes], mode: int = 0o600) -> None:
    """Write a file in place of the one at `path`, if any. Its folder is made if it is missing.

    Raises OSError when it cannot be written; nothing is left behind then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own for each writer: two that write at once must not mix their content.
    handle, name = tempfile.mkstemp(UNFINISHED, f".{path.name}.", path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.chmod(mode)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    # The rename itself is on the disk only when the folder is.
    flush(path.parent)


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder to write files into, which takes its name when all of them are on the disk.

    Raises OSError when it cannot be written; nothing is left behind then.
    """
    unfinished = folder.with_name(folder.name + UNFINISHED)
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        for file in unfinished.iterdir():
            flush(file)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def flush(path: Path) -> None:
    """Wait until the content of a file, or the names in a folder, are on the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
