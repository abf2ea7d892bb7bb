"""Vectors of passages, kept in a folder: appended to, mapped, compared by cosine.

A vector's key is a number that the citation and the text of its passage alone decide. Databases
number passages by themselves, and may give a number to another passage after a restore or a move;
a vector kept under such a number would then stand for the wrong text.

Two files grow side by side: keys (int64) and rows (float16). A row counts once its key is whole,
and keys are written after rows, so a kill leaves no vector without its key. `current.json` names
the pair in force, and what made it; vectors of another model or version count as missing.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from corpus.atomic import replace_file
from corpus.models import PassageRecord
from index.semantic.embedder import DIMENSIONS, MODEL, Floats

NONE: Final = 0
"""No passage has this number."""
KEPT: Final = 200_000
"""PassageNumbers in memory; some 100 bytes each."""

Fetch = Callable[[Sequence[int]], Mapping[int, PassageRecord]]
"""Passages by the database's key, as far as there are any."""


def passage_number(passage: PassageRecord) -> int:
    """63 bits of a hash: among a thousand million passages, one pair in twenty such libraries."""
    named = f"{passage.citation}\n{passage.text}".encode()
    digest = hashlib.blake2b(named, digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1 or 1


class PassageNumbers:
    """The numbers of passages by the database's keys, which never change while it is open."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._kept: dict[int, int] = {}
        self._keeping = threading.Lock()

    def __call__(self, keys: Sequence[int]) -> list[int]:
        """A number for each key, `NONE` where there is no such passage any more."""
        with self._keeping:
            numbers = {key: self._kept[key] for key in keys if key in self._kept}
        missing = [key for key in keys if key not in numbers]
        passages = self._fetch(missing) if missing else {}
        fresh = {key: passage_number(passage) for key, passage in passages.items()}
        with self._keeping:
            if len(self._kept) + len(fresh) > KEPT:
                self._kept.clear()
            self._kept.update(fresh)
        numbers.update(fresh)
        return [numbers.get(key, NONE) for key in keys]


Keys = npt.NDArray[np.int64]
Rows = npt.NDArray[np.float16]
Places = npt.NDArray[np.intp]

_CURRENT = "current.json"
_FORMAT = 2
"""In the first one, keys were the database's own."""
_KEY = np.dtype("<i8")
_ROW = np.dtype("<f2")
_ROW_BYTES = _ROW.itemsize * DIMENSIONS
_BLOCK = 4096
"""Rows made single precision at a time: a few megabytes, whatever the number of passages."""
_NO_ROWS: Rows = np.empty((0, DIMENSIONS), _ROW)


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """The vectors as one search sees them. `keys` ascend; `places[i]` is the row of `keys[i]`."""

    name: str
    keys: Keys
    places: Places
    rows: Rows

    def find(self, keys: Keys) -> tuple[npt.NDArray[np.bool_], Places]:
        """Which keys have a vector, and the rows of those that have."""
        at = np.searchsorted(self.keys, keys)
        is_present = at < len(self.keys)
        is_present[is_present] = self.keys[at[is_present]] == keys[is_present]
        return is_present, self.places[at[is_present]]

    def cosines(self, question: Floats, places: Places) -> Floats:
        """The cosine of each of these rows with the question."""
        cosines = np.empty(len(places), np.float32)
        for start in range(0, len(places), _BLOCK):
            block = slice(start, start + _BLOCK)
            cosines[block] = self.rows[places[block]].astype(np.float32) @ question
        return cosines


_NOTHING = _Snapshot("", np.empty(0, _KEY), np.empty(0, np.intp), _NO_ROWS)


class Vectors:
    """What `folder` keeps for `model`. Threads and processes may read while one of them adds."""

    def __init__(self, folder: Path, model: str = MODEL) -> None:
        self._folder = folder
        self._model = model
        self._writing = threading.Lock()
        self._snapshot = self._open()

    def __len__(self) -> int:
        return len(self._snapshot.keys)

    def refresh(self) -> None:
        """See what other processes have added or forgotten since."""
        self._snapshot = self._open()

    def missing(self, keys: npt.ArrayLike) -> Keys:
        """Those of `keys` that have no vector yet, in their order."""
        wanted_keys = np.asarray(keys, np.int64)
        is_present, _ = self._snapshot.find(wanted_keys)
        return wanted_keys[~is_present]

    def add(self, keys: npt.ArrayLike, matrix: Floats) -> None:
        """Keep vectors, one row a key; a key that has one keeps it.

        Raises OSError when the folder cannot be written.
        """
        added = np.asarray(keys, np.int64)
        with self._writing, self._lock():
            snapshot = self._open()
            is_present, _ = snapshot.find(added)
            name = snapshot.name or self._begin(snapshot.keys, snapshot.rows)
            self._append(name, added[~is_present], matrix[~is_present].astype(_ROW))
            self._snapshot = self._open()

    def retain(self, keys: npt.ArrayLike) -> None:
        """Forget the vectors of all other passages, at one stroke. Raises OSError."""
        with self._writing, self._lock():
            old = self._open()
            remaining = np.intersect1d(old.keys, np.asarray(keys, np.int64))
            _, places = old.find(remaining)
            self._begin(remaining, old.rows[places])
            self._snapshot = self._open()
            self._sweep(self._snapshot.name)

    def of(self, keys: npt.ArrayLike) -> dict[int, Floats]:
        """The vectors of those of `keys` that have one."""
        snapshot = self._snapshot
        wanted_keys = np.asarray(keys, np.int64)
        is_present, places = snapshot.find(wanted_keys)
        rows = snapshot.rows[places].astype(np.float32)
        return dict(zip(wanted_keys[is_present].tolist(), rows, strict=True))

    def scores(self, question: Floats, keys: npt.ArrayLike) -> Floats:
        """The cosine of each passage with the question; NaN for one that has no vector yet."""
        snapshot = self._snapshot
        wanted_keys = np.asarray(keys, np.int64)
        is_present, places = snapshot.find(wanted_keys)
        scores = np.full(len(wanted_keys), np.nan, np.float32)
        scores[is_present] = snapshot.cosines(question, places)
        return scores

    # -- On disk ---------------------------------------------------------------------------------

    def _lock(self) -> FileLock:
        self._folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self._folder / "lock")

    def _open(self) -> _Snapshot:
        name = self._current()
        try:
            keys = np.fromfile(self._keys(name), _KEY) if name else _NOTHING.keys
            if not len(keys):
                return _Snapshot(name, _NOTHING.keys, _NOTHING.places, _NO_ROWS)
            rows = np.memmap(self._rows(name), _ROW, "r", shape=(len(keys), DIMENSIONS))
        except (OSError, ValueError):
            # Damaged, or swept away by another process between two looks.
            return _NOTHING
        ascending, places = np.unique(keys, return_index=True)
        return _Snapshot(name, ascending, places, rows)

    def _current(self) -> str:
        """The name of the pair in force; empty where there is none of this model."""
        try:
            current = json.loads((self._folder / _CURRENT).read_text("utf-8"))
            made_by = (current["format"], current["model"])
            return str(current["name"]) if made_by == (_FORMAT, self._model) else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def _begin(self, keys: Keys, rows: Rows) -> str:
        """A new pair of files, which is then the one in force."""
        name = uuid.uuid4().hex
        self._append(name, keys, rows)
        current = {"format": _FORMAT, "model": self._model, "name": name}
        replace_file(self._folder / _CURRENT, [json.dumps(current).encode()])
        return name

    def _append(self, name: str, keys: Keys, rows: Rows) -> None:
        whole = self._keys(name).stat().st_size // _KEY.itemsize if self._keys(name).exists() else 0
        _write_at(self._rows(name), whole * _ROW_BYTES, rows.tobytes())
        _write_at(self._keys(name), whole * _KEY.itemsize, keys.astype(_KEY).tobytes())

    def _sweep(self, kept: str) -> None:
        """Remove other pairs. Whoever still maps one keeps its pages until it lets go."""
        for stale in self._folder.glob("*.keys"):
            if stale.stem != kept:
                stale.unlink(missing_ok=True)
                self._rows(stale.stem).unlink(missing_ok=True)

    def _keys(self, name: str) -> Path:
        return self._folder / f"{name}.keys"

    def _rows(self, name: str) -> Path:
        return self._folder / f"{name}.rows"


def _write_at(path: Path, offset: int, content: bytes) -> None:
    """Write from `offset` on, over whatever a killed writer left there, and have it on disk."""
    path.touch()
    with path.open("r+b") as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
