"""Which files are in a folder, and what is in a file?

Nothing here waits for ever, follows links inside a folder, or reads more than a limit.

A path that a person names is resolved, links and all. Inside a folder hidden files are skipped,
and links are not followed, wherever they lead: what they name lies there under its own name, or
belongs elsewhere. Whatever is no regular file is not opened.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from corpus.errors import UnreadableFile
from corpus.reasons import Reason

_FLAGS: Final = (
    os.O_RDONLY
    # The path may have become a pipe, a link or a terminal since the folder was listed.
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_LINK: Final = Reason("link_inside_folder")
_HARD_LINK = Reason("hard_link")
_KINDS: Final = (
    (stat.S_ISLNK, _LINK),
    (stat.S_ISFIFO, Reason("not_a_regular_file", {"what": Reason("pipe")})),
    (stat.S_ISSOCK, Reason("not_a_regular_file", {"what": Reason("socket")})),
    (stat.S_ISDIR, Reason("not_a_regular_file", {"what": Reason("folder")})),
)
_DEVICE: Final = Reason("not_a_regular_file", {"what": Reason("device")})
_REASONS: Final = {
    errno.ENOENT: Reason("no_such_file"),
    errno.ENOTDIR: Reason("no_such_file"),
    errno.EACCES: Reason("not_permitted"),
    errno.EPERM: Reason("not_permitted"),
    errno.ELOOP: Reason("looping_links"),
    errno.ENAMETOOLONG: Reason("name_too_long"),
}


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read, or why it is not opened."""

    path: Path
    problem: Reason | None = None


def files_at(path: Path) -> Iterator[FoundFile]:
    """The file at a path that a person named, or every file in the folder there, sorted."""
    try:
        real = os.path.realpath(path, strict=True)
    except (OSError, ValueError) as error:
        yield FoundFile(Path(os.path.abspath(path)), _reason(error))  # noqa: PTH100 - no look at links
    else:
        yield from _walk(Path(real))


def files_within(folder: Path, path: Path) -> Iterator[FoundFile]:
    """The files at a path inside a resolved folder, by the folder's rules; none if it is gone."""
    steps = path.relative_to(folder).parts
    if any(step.startswith(".") for step in steps):
        return
    above = folder
    for step in steps[:-1]:
        above /= step
        if above.is_symlink():
            return
    if os.path.lexists(path):
        for file in _walk(path):
            # Whoever writes there can link a file of this user's that they may not read.
            yield replace(file, problem=_HARD_LINK) if _is_hard_link(file) else file


def _is_hard_link(file: FoundFile) -> bool:
    try:
        return file.problem is None and file.path.lstat().st_nlink > 1
    except OSError:
        return False


def content_of(path: Path, max_bytes: int) -> bytes:
    """The bytes of a regular file. Raises UnreadableFile, with the reason."""
    try:
        descriptor = os.open(path, _FLAGS)
        try:
            return _read(descriptor, max_bytes)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        link = isinstance(error, OSError) and error.errno == errno.ELOOP
        raise UnreadableFile(_LINK if link else _reason(error)) from None


def too_large(max_bytes: int) -> Reason:
    """The reason why a file over the limit is refused."""
    return Reason("too_large", {"limit_mb": float(f"{max_bytes / 2**20:.3g}")})


def path_text(path: Path) -> str:
    """A path as text. Bytes that are no UTF-8 become `\\xff`, so that two names stay different."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _read(descriptor: int, max_bytes: int) -> bytes:
    status = os.fstat(descriptor)
    problem = _problem(status.st_mode)
    if problem:
        raise UnreadableFile(problem)
    if status.st_size > max_bytes:
        raise UnreadableFile(too_large(max_bytes))
    with open(descriptor, "rb", closefd=False) as file:
        content = file.read(max_bytes + 1)  # the file may grow, or not know its size (/proc)
    if len(content) > max_bytes:
        raise UnreadableFile(too_large(max_bytes))
    return content


def _walk(path: Path) -> Iterator[FoundFile]:
    """The file at a path, or the files below it in the order of their names."""
    stack = [path]  # not recursion: folders nest deeper than calls
    while stack:
        entry = stack.pop()
        try:
            mode = entry.lstat().st_mode
            names = sorted(os.listdir(entry), reverse=True) if stat.S_ISDIR(mode) else None  # noqa: PTH208
        except OSError as error:
            yield FoundFile(entry, _reason(error))
            continue
        if names is None:
            yield FoundFile(entry, _problem(mode))
        else:
            stack += [entry / name for name in names if not name.startswith(".")]


def _problem(mode: int) -> Reason | None:
    if stat.S_ISREG(mode):
        return None
    return next((why for test, why in _KINDS if test(mode)), _DEVICE)


def _reason(error: OSError | ValueError) -> Reason:
    if isinstance(error, OSError):
        message = str(error.strerror or error)
        return _REASONS.get(error.errno or 0) or Reason("cannot_be_read", {"error": message})
    return _REASONS[errno.ENOENT]  # a NUL in the path
