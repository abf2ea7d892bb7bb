"""Segments on disk: one folder each, and a manifest that names those in force.

A manifest is replaced atomically, so a reader sees one whole state or another. Several processes
may work on one folder: each write makes a new generation, and only whoever started from the
current one may write the next. The others take it over before they go on.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.atomic import replace_file
from index.embedded.segment import Segment
from index.text import analyzer

FORMAT = "3"
"""Kept in every manifest: what an older version laid out otherwise is built anew."""

_MANIFEST = "manifest.json"
_TRIES = 3
"""Another process may remove a segment between our reading its name and opening it."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One state of the folder; `name` is None where nothing usable is kept."""

    name: str | None = None
    segments: tuple[Segment, ...] = ()


class Store:
    """The segments kept in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def current(self) -> str | None:
        """The name of the generation in force."""
        manifest = self._manifest()
        return manifest[0] if manifest else None

    def load(self) -> Generation:
        """What is kept; nothing when it is absent, damaged or of another analyzer."""
        for _ in range(_TRIES):
            manifest = self._manifest()
            if manifest is None:
                return Generation()
            name, segments = manifest
            try:
                return Generation(name, tuple(Segment.open(self._folder / s) for s in segments))
            except (OSError, ValueError):
                continue
        return Generation()

    @contextmanager
    def writing(self, since: str | None) -> Iterator[Writer | None]:
        """The right to write what follows generation `since`, for the time of the context.

        None when another process, or another thread, writes now or has written since.
        Raises OSError when the folder cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
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
        return Segment.open(folder)

    def commit(self, segments: Sequence[Segment]) -> Generation:
        """Put `segments`, all kept here, in force in place of those before."""
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
