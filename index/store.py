"""Segments on disk: one folder each, and a manifest that names those in force.

A manifest is replaced atomically, so a reader sees one whole state or another. Several processes
may work on one folder: each write makes a new generation, and only whoever started from the
current one may write the next. The others take it over before they go on.
"""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from index import analyzer
from index.postings import Segment

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

    def save(self, segments: Sequence[Segment], since: str | None) -> Generation | None:
        """Keep `segments` in place of generation `since`.

        None when another process writes now, or has written since; what was there stays then.
        Raises OSError when the folder cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self._folder / "write.lock", timeout=0):
                return self._write(segments) if self.current() == since else None
        except Timeout:
            return None

    def _manifest(self) -> tuple[str, list[str]] | None:
        try:
            manifest = json.loads((self._folder / _MANIFEST).read_text("utf-8"))
            if manifest["analyzer"] != analyzer.VERSION:
                return None
            return str(manifest["generation"]), [str(name) for name in manifest["segments"]]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write(self, segments: Sequence[Segment]) -> Generation:
        names = [self._keep(segment) for segment in segments]
        generation = uuid.uuid4().hex
        manifest = {"generation": generation, "analyzer": analyzer.VERSION, "segments": names}
        temporary = self._folder / f"{_MANIFEST}.tmp"
        temporary.write_text(json.dumps(manifest), "utf-8")
        temporary.replace(self._folder / _MANIFEST)
        # Whoever still maps a removed segment keeps its pages until it lets go.
        for stale in set(self._folder.glob("segment-*")) - {self._folder / name for name in names}:
            shutil.rmtree(stale, ignore_errors=True)
        return Generation(generation, tuple(Segment.open(self._folder / name) for name in names))

    def _keep(self, segment: Segment) -> str:
        """Write a segment unless it is mapped from here already; returns its folder's name."""
        mapped = getattr(segment.keys, "filename", None)
        if mapped and Path(mapped).parent.parent == self._folder and Path(mapped).exists():
            return Path(mapped).parent.name
        name = f"segment-{uuid.uuid4().hex}"
        segment.save(self._folder / name)
        return name
