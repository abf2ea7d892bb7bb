"""Segments on disk: one folder each, and a manifest that names those in force.

A manifest is replaced atomically, so a reader sees one whole state or another. Several processes
may work on one folder: each write makes a new generation, and only whoever started from the
current one may write the next. The others take it over before they go on.
"""

from __future__ import annotations

import json
import logging
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.atomic import replace_file
from index.embedded.segment import Segment, SegmentDamaged, check_files
from index.text import analyzer

# To be raised whenever an array of a segment is added or changes its meaning.
FORMAT = "5"
"""Kept in every manifest: what an older version laid out otherwise is built anew."""

_MANIFEST = "manifest.json"
_FIELDS = ("generation", "analyzer", "format", "segments")
# Another process may remove a segment between our reading its name and opening it.
_TRIES = 3


_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Generation:
    """One state of the folder; `name` is None where nothing usable is kept.

    `damaged`: some of its segments are left out, so that it is to be written anew.
    """

    name: str | None = None
    segments: tuple[Segment, ...] = ()
    damaged: bool = False


class Store:
    """The segments kept in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def current(self) -> str | None:
        """The name of the generation in force."""
        manifest = self._manifest()
        return manifest[0] if manifest else None

    def load(self, mapped: Iterable[Segment] = ()) -> Generation:
        """What is kept; nothing when it is absent or of another analyzer.

        A damaged segment is left out and named in the log: each holds whole documents, so the
        others stay right, and catching up takes what is missing from the database. Segments that
        are `mapped` already are not read again.
        """
        # A segment's folder is never rewritten, so an equal path means equal content.
        by_folder = {segment.folder: segment for segment in mapped}
        for _ in range(_TRIES):
            manifest = self._manifest()
            if manifest is None:
                for problem in self._manifest_problems():
                    _log.warning("%s: the index is built anew from the database", problem)
                return Generation()
            name, names = manifest
            segments, problems = [], []
            for folder in (self._folder / segment for segment in names):
                try:
                    is_mapped = folder in by_folder
                    segments.append(
                        by_folder[folder] if is_mapped else Segment.open(folder, verify=True)
                    )
                except SegmentDamaged as error:
                    problems.append(str(error))
            # A problem may only mean that another process merged meanwhile: then the new state is
            # read.
            if not problems or self.current() == name:
                for problem in problems:
                    _log.warning("%s: that part is built anew from the database", problem)
                return Generation(name, tuple(segments), damaged=bool(problems))
        return Generation()

    def problems(self) -> list[str]:
        """What is damaged in the folder, a line each; nothing when another process writes now."""
        manifest = self._manifest()
        if manifest is None:
            return self._manifest_problems()
        problems = []
        for folder in (self._folder / segment for segment in manifest[1]):
            try:
                check_files(folder)
            except SegmentDamaged as error:
                problems.append(str(error))
        return problems if self.current() == manifest[0] else []

    @contextmanager
    def writing(self, since: str | None) -> Iterator[Writer | None]:
        """The right to write what follows generation `since`, for the time of the context.

        None when another process, or another thread, writes now or has written since.
        Raises OSError when the folder cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        # timeout=0: an index can be built again, so waiting for another writer is never worth it.
        lock = FileLock(self._folder / "write.lock", timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            yield None
            return
        try:
            yield Writer(self._folder) if self.current() == since else None
        finally:
            lock.release()

    def _manifest_problems(self) -> list[str]:
        """What is wrong with a manifest that cannot be used; another version's is not damaged."""
        try:
            manifest = json.loads((self._folder / _MANIFEST).read_text("utf-8"))
            whole = isinstance(manifest, dict) and {*_FIELDS} <= manifest.keys()
        except FileNotFoundError:
            return []
        except (OSError, ValueError):
            whole = False
        return [] if whole else [f"{self._folder / _MANIFEST} is not what was written"]

    def _manifest(self) -> tuple[str, list[str]] | None:
        try:
            manifest = json.loads((self._folder / _MANIFEST).read_text("utf-8"))
            if (manifest["analyzer"], manifest["format"]) != (analyzer.VERSION, FORMAT):
                return None
            return str(manifest["generation"]), [str(name) for name in manifest["segments"]]
        except (OSError, ValueError, KeyError, TypeError):
            return None


class Writer:
    """Writes segments beside those in force, and puts them in force at one stroke."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def new(self) -> Path:
        """A name for a folder that is to hold one more segment."""
        return self._folder / f"segment-{uuid.uuid4().hex}"

    def keep(self, segment: Segment) -> Segment:
        """The same segment mapped from the folder, and written to it unless it is there."""
        if segment.folder and segment.folder.parent == self._folder and segment.folder.exists():
            return segment
        folder = self.new()
        segment.save(folder)
        return Segment.open(folder, verify=False)

    def commit(self, segments: Sequence[Segment]) -> Generation:
        """Put `segments`, all kept here, in force in place of those before."""
        # Names and no paths: the data folder may be moved or mounted elsewhere.
        names = [segment.folder.name for segment in segments if segment.folder]
        generation = uuid.uuid4().hex
        manifest = {
            "generation": generation,
            "analyzer": analyzer.VERSION,
            "format": FORMAT,
            "segments": names,
        }
        replace_file(self._folder / _MANIFEST, [json.dumps(manifest).encode()])
        # Whoever still maps a removed segment keeps its pages until it lets go.
        for stale in set(self._folder.glob("segment-*")) - {self._folder / name for name in names}:
            shutil.rmtree(stale, ignore_errors=True)
        return Generation(generation, tuple(segments))
