"""A folder is kept filed while it is watched: what is new, changed or moved there is added.

A file that vanishes is reported and its document stays: a team's record is no mirror of a folder.
What a person withdrew stays withdrawn, whatever the folder still holds.
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
"""Changes are taken up when none followed for so long: a file is seldom seen half written."""
LONGEST_MS: Final = 4_000
"""And when they never pause, after so long."""
LOOK_MS: Final = 500
"""How often we look whether the folder is still the same one."""
AGAIN_SECONDS: Final = 30.0
"""How long we wait before trying again what failed."""


def watch_folder(
    ingest: Ingest, folder: Path, matter: str, *, stop: threading.Event, report: Report
) -> None:
    """Add the whole folder, then what changes in it, until `stop` is set; blocks.

    `report` is given every outcome, and what went wrong with the folder itself as a refusal of
    its path. Raises InvalidMatter.
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
    """Watch a folder until it is gone, is another one, or fails us; all is looked at first."""
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
    """First the whole folder, once its watch stands, then the paths that changed."""
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
            return  # the folder went, or a name that is no text broke the watch: begin anew
        # no more watches to be had, or a file system without them: look at everything instead
        reason = Reason("cannot_be_watched", {"error": str(error)})
        report(Filed(path_text(root), "refused", matter, reason))
        yield [root]
        stop.wait(AGAIN_SECONDS)


def _changes(root: Path, stop: threading.Event) -> Iterator[Changes]:
    return watch(
        root,
        watch_filter=None,  # the walk has rules of its own for what to skip
        step=SETTLED_MS,
        debounce=LONGEST_MS,
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )


def _to_look_at(root: Path, changes: Changes) -> list[Path]:
    """The paths that changed, sorted, without those below a new folder among them."""
    paths = {Path(name) for change, name in changes if _matters(change, Path(name))}
    inside = {path for path in paths if path != root and root in path.parents}
    return sorted(path for path in inside if paths.isdisjoint(path.parents))


def _matters(change: Change, path: Path) -> bool:
    """A folder that changed says nothing that its files do not say; a new one may hold some."""
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
