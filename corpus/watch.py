"""Watches a folder and adds what is new, changed or moved in it.

When a file vanishes, that is reported and its document stays, because a deleted file does not undo
what was cited. What a person withdrew stays withdrawn, even if the folder still holds it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from watchfiles import Change, watch

from corpus.errors import DatabaseUnavailable
from corpus.files import path_text
from corpus.ingest import Ingest
from corpus.models import Filed
from corpus.reasons import Reason

Report: TypeAlias = Callable[[Filed], None]
Changes: TypeAlias = Iterable[tuple[Change, str]]

SETTLED_MS: Final = 400
"""Changes are handled after a pause of this length: a file is seldom seen half written."""
LONGEST_MS: Final = 4_000
"""Changes that never pause are handled after this long."""
LOOK_MS: Final = 500
"""How often to check that the folder is still the same one."""
AGAIN_SECONDS: Final = 30.0
"""How long to wait before a failed watch is tried again."""


def watch_folder(
    ingest: Ingest, folder: Path, matter: str, *, stop: threading.Event, report: Report
) -> None:
    """Add the whole folder, then what changes in it, until `stop` is set; blocks.

    `report` gets every outcome. A problem with the folder itself is reported as a refusal of its
    path. Raises InvalidMatter.
    """
    away = False
    while not stop.is_set():
        root = folder.resolve()
        if root.is_dir():
            away = False
            _watch_one(ingest, root, matter, stop, report)
        elif not away:
            away = True
            report(Filed(path_text(root), "refused", matter, Reason("folder_away")))
        stop.wait(LOOK_MS / 1000)


def _watch_one(
    ingest: Ingest, root: Path, matter: str, stop: threading.Event, report: Report
) -> None:
    """Add the whole folder, then watch it until it is gone, is replaced, or an error occurs."""
    try:
        for paths in _batches(root, matter, stop, report):
            for outcome in ingest.add_within(root, paths, matter, stop=stop):
                report(outcome)
            for outcome in _vanished(ingest, paths, matter):
                report(outcome)
    except DatabaseUnavailable as error:
        report(Filed(path_text(root), "refused", matter, Reason("other", {"message": str(error)})))
        stop.wait(AGAIN_SECONDS)


def _batches(
    root: Path, matter: str, stop: threading.Event, report: Report
) -> Iterator[list[Path]]:
    """The whole folder as soon as it is watched, then the paths that changed."""
    began, identity = False, _identity(root)
    try:
        for changes in _changes(root, stop):
            if _identity(root) != identity:
                return
            paths = _to_look_at(root, changes) if began else [root]
            began = True
            if paths:
                yield paths
    except (OSError, RuntimeError) as error:
        if began or not root.is_dir():
            return  # the folder is gone, or a name that is no text broke the watch: start again
        # The system has no watches left, or the file system knows none: add everything instead.
        reason = Reason("cannot_be_watched", {"error": str(error)})
        report(Filed(path_text(root), "refused", matter, reason))
        yield [root]
        stop.wait(AGAIN_SECONDS)


def _changes(root: Path, stop: threading.Event) -> Iterator[Changes]:
    return watch(
        root,
        watch_filter=None,  # `files_within` decides what to skip
        step=SETTLED_MS,
        debounce=LONGEST_MS,
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )


def _to_look_at(root: Path, changes: Changes) -> list[Path]:
    """The changed paths, sorted, without those inside a new folder that is among them."""
    paths = {Path(name) for change, name in changes if _matters(change, Path(name))}
    inside = {path for path in paths if path != root and root in path.parents}
    return sorted(path for path in inside if paths.isdisjoint(path.parents))


def _matters(change: Change, path: Path) -> bool:
    """A changed folder is ignored, since its files report their own changes; a new one is not."""
    return change != Change.modified or not path.is_dir()


def _vanished(ingest: Ingest, paths: list[Path], matter: str) -> Iterator[Filed]:
    vanished = [path_text(path) for path in paths if not os.path.lexists(path)]
    for path, document_id in ingest.library.filed_below(vanished, matter=matter):
        reason = Reason("file_gone", {"document_id": document_id})
        yield Filed(path, "unchanged", matter, reason, document_id)


def _identity(root: Path) -> tuple[int, int] | None:
    try:
        status = root.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
