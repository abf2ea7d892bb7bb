"""Folders that appear whole or not at all, and outlive a power cut."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

UNFINISHED = ".tmp"


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A folder to write files into, which takes its name when all of them are on disk.

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
    """Wait until a file's content is on the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
