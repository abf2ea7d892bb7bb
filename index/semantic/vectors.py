"""Vectors of passages and of their sentences, kept in a folder: appended to, mapped, compared.

A passage has one row, or one row and one for each of its sentences where these are more than one.
They are kept under a number that the passage's citation and text decide
(`index.engine.terms.passage_number`), so that a vector never stands for another text.

Three files grow side by side: rows (a scale and int8 values: a cosine is off by less than .001),
signs (a bit a dimension, by which many rows are looked through) and passages (number and rows).
A passage counts once its entry is whole, and entries are written last, so a kill leaves no passage
without its vectors. Each entry has a checksum of its rows and signs, which every process compares
once: a damaged passage counts as missing, and is embedded again. `current.json` names the files in
force, and what made them; vectors of another model or version count as missing.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from corpus.atomic import replace_file
from corpus.models import Scope
from index.embedded.engine import EmbeddedEngine
from index.embedded.segment_reader import VisiblePassages
from index.engine.protocol import Documents
from index.semantic.embedder import Floats
from index.semantic.search import Nearest, PassageVectors, Similarities, best_passages, similarities

Array = npt.NDArray[Any]

_log = logging.getLogger(__name__)

_CURRENT = "current.json"
_FORMAT = 4
"""Before it, entries had no checksum."""
_ENTRY = np.dtype([("number", "<i8"), ("rows", "<u4"), ("checksum", "<u4")])
_BLOCK = 4096
"""Rows made single precision at a time: a few megabytes, whatever the number of passages."""
_SCANNED = 1 << 16
"""Rows whose signs are compared at a time."""
_SURE = 8
"""So many times the wanted rows are compared exactly: signs alone put some of them too low. Among
2,700 sentences the best hundred by sign held .96 of the best twenty, and always the best one."""
_LEVELS = 127
_ALIGNMENTS = 8
"""Scopes whose rows are remembered: sixteen bytes a row and scope."""


def quantize(matrix: Floats) -> tuple[Array, Array]:
    """A scale for each row, and its values in eight bits: `values * scale` is nearly the row.

    Every store rounds alike, so that answers do not depend on where vectors are kept.
    """
    scales = np.abs(matrix).max(axis=1) / _LEVELS
    values = np.rint(matrix / np.where(scales > 0, scales, 1.0)[:, None])
    return scales.astype(np.float32), values.astype(np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class _Snapshot:
    """The vectors as one search sees them.

    `numbers` ascend; the rows of `numbers[i]` are the `counts[i]` from `starts[i]` on.
    """

    name: str
    numbers: Array
    starts: Array
    counts: Array
    scales: Array
    values: Array
    signs: Array

    def find(self, numbers: Array) -> tuple[npt.NDArray[np.bool_], Array]:
        """Which numbers have vectors, and the places of those that have."""
        at = np.searchsorted(self.numbers, numbers)
        is_present = at < len(self.numbers)
        is_present[is_present] = self.numbers[at[is_present]] == numbers[is_present]
        return is_present, at[is_present]

    def rows_of(self, places: Array) -> Array:
        """The rows of the passages at these places, one passage after another."""
        counts = self.counts[places]
        before = np.cumsum(counts) - counts
        rows: Array = np.repeat(self.starts[places] - before, counts) + np.arange(int(counts.sum()))
        return rows

    def vectors(self, rows: Array) -> Floats:
        """Rows in single precision."""
        matrix: Floats = self.values[rows].astype(np.float32)
        matrix *= self.scales[rows][:, None]
        return matrix

    def cosines(self, question: Floats, rows: Array) -> Floats:
        """The cosine of each of these rows with the question."""
        cosines = np.empty(len(rows), np.float32)
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            products = self.values[block].astype(np.float32) @ question
            cosines[start : start + _BLOCK] = products * self.scales[block]
        return cosines


@dataclass(frozen=True, slots=True, eq=False)
class _Alignment:
    """The rows of the passages that a scope sees, and which passage each belongs to.

    `rows` is None where the scope sees every row in the order of the files.
    """

    snapshot: _Snapshot
    passages: VisiblePassages
    rows: Array | None
    passage_of: Array

    @classmethod
    def of(cls, snapshot: _Snapshot, passages: VisiblePassages) -> _Alignment:
        is_present, places = snapshot.find(passages.numbers)
        owners = np.flatnonzero(is_present)
        # In the files' order, so that a scope that sees everything needs no list of rows.
        order = np.argsort(snapshot.starts[places], kind="stable")
        places, owners = places[order], owners[order]
        rows = snapshot.rows_of(places)
        whole = len(rows) == len(snapshot.signs) and bool((rows == np.arange(len(rows))).all())
        return cls(
            snapshot, passages, None if whole else rows, np.repeat(owners, snapshot.counts[places])
        )


def nearest_in(vectors: Vectors, engine: EmbeddedEngine) -> Nearest:
    """Finds the passages nearest by `vectors` among those that a scope of `engine` sees."""

    def nearest(question: Floats, scope: Scope, within: Documents | None, k: int) -> Sequence[int]:
        return vectors.nearest(question, engine.visible(scope, within), k)

    return nearest


class Vectors:
    """What `folder` keeps for a model. Threads and processes may read while one of them adds."""

    def __init__(self, folder: Path, model: str, dimensions: int) -> None:
        self._folder = folder
        self._model = model
        self._dimensions = dimensions
        self._row = np.dtype([("scale", "<f4"), ("values", "i1", (dimensions,))])
        self._writing = threading.Lock()
        self._aligning = threading.Lock()
        self._alignments: OrderedDict[int, _Alignment] = OrderedDict()
        self._checking = threading.Lock()
        self._checked: tuple[str, npt.NDArray[np.bool_]] = ("", np.empty(0, np.bool_))
        self._snapshot = self._open()

    def __len__(self) -> int:
        """The passages that have vectors."""
        return len(self._snapshot.numbers)

    @property
    def damaged(self) -> int:
        """The entries that are not what was written; their passages count as missing."""
        return int(np.count_nonzero(~self._checked[1]))

    def refresh(self) -> None:
        """See what other processes have added or forgotten since."""
        self._snapshot = self._open()

    def missing(self, numbers: npt.ArrayLike) -> Array:
        """Those of the passages that have no vectors yet, in their order."""
        asked_numbers = np.asarray(numbers, np.int64)
        is_present, _ = self._snapshot.find(asked_numbers)
        return asked_numbers[~is_present]

    def add(self, passages: Sequence[PassageVectors]) -> None:
        """Keep vectors; a passage that has some keeps them.

        Raises OSError when the folder cannot be written.
        """
        with self._writing, self._lock():
            snapshot = self._open()
            is_present, _ = snapshot.find(np.array([p.number for p in passages], np.int64))
            new = [p for p, known in zip(passages, is_present.tolist(), strict=True) if not known]
            if not new:
                self._snapshot = snapshot
                return
            name = snapshot.name or self._begin()
            matrix = np.concatenate([passage.rows for passage in new])
            entries = np.empty(len(new), _ENTRY)
            entries["number"] = [passage.number for passage in new]
            entries["rows"] = [len(passage.rows) for passage in new]
            self._append(name, snapshot, *self._sealed(entries, *self._packed(matrix)))
            self._snapshot = self._open()

    def retain(self, numbers: npt.ArrayLike) -> None:
        """Forget the vectors of all other passages, at one stroke. Raises OSError."""
        with self._writing, self._lock():
            old = self._open()
            remaining = np.intersect1d(old.numbers, np.asarray(numbers, np.int64))
            _, places = old.find(remaining)
            rows = old.rows_of(places)
            packed = np.empty(len(rows), self._row)
            packed["scale"], packed["values"] = old.scales[rows], old.values[rows]
            entries = np.empty(len(places), _ENTRY)
            entries["number"], entries["rows"] = remaining, old.counts[places]
            name = uuid.uuid4().hex
            sealed = self._sealed(entries, packed, old.signs[rows])
            self._append(name, self._nothing(name), *sealed)
            self._put_in_force(name)
            self._snapshot = self._open()
            self._sweep(name)

    def of(self, numbers: npt.ArrayLike) -> dict[int, Floats]:
        """The vectors of those of the passages that have some."""
        snapshot = self._snapshot
        asked_numbers = np.asarray(numbers, np.int64)
        is_present, places = snapshot.find(asked_numbers)
        return {
            int(number): snapshot.vectors(snapshot.rows_of(places[at : at + 1]))
            for at, number in enumerate(asked_numbers[is_present].tolist())
        }

    def compare(self, question: Floats, numbers: npt.ArrayLike) -> Similarities:
        """How near each passage and its best sentence come to the question."""
        snapshot = self._snapshot
        is_present, places = snapshot.find(np.asarray(numbers, np.int64))
        cosines = snapshot.cosines(question, snapshot.rows_of(places))
        return similarities(is_present, snapshot.counts[places], cosines)

    def nearest(self, question: Floats, passages: VisiblePassages, k: int) -> list[int]:
        """The keys of the `k` passages with a row nearest to the question, nearest first.

        Signs choose the rows that are compared exactly, so a passage may rarely be overlooked.
        """
        alignment = self._aligned(passages)
        rows, signs = alignment.rows, alignment.snapshot.signs
        if not len(alignment.passage_of):
            return []
        question_bits = _sign_bits(question[None])[0]
        distances = np.zeros(len(alignment.passage_of), np.uint16)
        for start in range(0, len(distances), _SCANNED):
            end = min(start + _SCANNED, len(distances))
            block = signs[start:end] if rows is None else signs[rows[start:end]]
            # Word by word: numpy adds up short rows five times as slowly as long columns.
            for word, bits in enumerate(question_bits):
                distances[start:end] += np.bitwise_count(block[:, word] ^ bits)
        # Of equal ones not the first in the file: its order tells when passages were filed.
        chosen = _least(
            distances, lambda rows: passages.numbers[alignment.passage_of[rows]], _SURE * k
        )
        exact = chosen if rows is None else rows[chosen]
        cosines = alignment.snapshot.cosines(question, exact)
        best = best_passages(alignment.passage_of[chosen], cosines, k)
        return [int(key) for key in passages.keys[best]]

    def _aligned(self, passages: VisiblePassages) -> _Alignment:
        """The rows of what a scope sees; kept for the next questions in the same scope."""
        snapshot = self._snapshot
        with self._aligning:
            alignment = self._alignments.get(id(passages))
            # An id may be given out again, so it is compared with what it stood for.
            if (
                alignment is None
                or alignment.passages is not passages
                or alignment.snapshot is not snapshot
            ):
                alignment = self._alignments[id(passages)] = _Alignment.of(snapshot, passages)
                while len(self._alignments) > _ALIGNMENTS:
                    self._alignments.popitem(last=False)
        return alignment

    # -- On disk ---------------------------------------------------------------------------------

    def _lock(self) -> FileLock:
        self._folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self._folder / "lock")

    def _nothing(self, name: str = "") -> _Snapshot:
        rows = np.empty(0, self._row)
        signs = np.empty((0, self._dimensions // 64), np.uint64)
        none = np.empty(0, np.int64)
        return _Snapshot(name, none, none, none, rows["scale"], rows["values"], signs)

    def _open(self) -> _Snapshot:
        name = self._current()
        try:
            if not name:
                return self._nothing()
            entries: Array = np.fromfile(self._file(name, "passages"), _ENTRY)
            if not len(entries):
                return self._nothing(name)
            counts = entries["rows"].astype(np.int64)
            size = int(counts.sum())
            rows = np.memmap(self._file(name, "rows"), self._row, "r", shape=(size,))
            shape = (size, self._dimensions // 64)
            signs = np.memmap(self._file(name, "signs"), np.uint64, "r", shape=shape)
        except (OSError, ValueError):
            # Damaged, or swept away by another process between two looks.
            return self._nothing()
        starts = np.cumsum(counts) - counts
        sound = np.flatnonzero(self._sound(name, entries, rows, signs))
        numbers, first = np.unique(entries["number"][sound], return_index=True)
        first = sound[first]
        # As plain arrays: each slice of numpy's own class for mappings costs microseconds.
        plain = rows.view(np.ndarray)
        return _Snapshot(
            name,
            numbers,
            starts[first],
            counts[first],
            plain["scale"],
            plain["values"],
            signs.view(np.ndarray),
        )

    def _sound(self, name: str, entries: Array, rows: Array, signs: Array) -> npt.NDArray[np.bool_]:
        """Which entries are what was written; each is compared once, a gigabyte a second."""
        with self._checking:
            checked_name, checked = self._checked
            if checked_name != name or len(checked) > len(entries):
                checked = np.empty(0, np.bool_)
            ends = np.cumsum(entries["rows"], dtype=np.int64)
            new = np.array(
                [
                    entries["checksum"][at]
                    == _checksum(entries[at], rows[start:end], signs[start:end])
                    for at, start, end in (
                        (at, int(ends[at]) - int(entries["rows"][at]), int(ends[at]))
                        for at in range(len(checked), len(entries))
                    )
                ],
                np.bool_,
            )
            if not new.all():
                _log.warning(
                    "%s: the vectors of %d passages are not what was written: they are made anew",
                    self._file(name, "rows"),
                    np.count_nonzero(~new),
                )
            self._checked = (name, np.concatenate([checked, new]))
            return self._checked[1]

    def _current(self) -> str:
        """The name of the files in force; empty where there are none of this model."""
        try:
            current = json.loads((self._folder / _CURRENT).read_text("utf-8"))
            made_by = (current["format"], current["model"])
            return str(current["name"]) if made_by == (_FORMAT, self._model) else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def _begin(self) -> str:
        """A new name for files, which are then the ones in force; others are removed."""
        name = uuid.uuid4().hex
        self._put_in_force(name)
        self._sweep(name)
        return name

    def _put_in_force(self, name: str) -> None:
        current = {"format": _FORMAT, "model": self._model, "name": name}
        replace_file(self._folder / _CURRENT, [json.dumps(current).encode()])

    def _packed(self, matrix: Floats) -> tuple[Array, Array]:
        """Vectors as they are kept, and their signs."""
        rows = np.empty(len(matrix), self._row)
        rows["scale"], rows["values"] = quantize(matrix)
        return rows, _sign_bits(matrix)

    def _sealed(self, entries: Array, rows: Array, signs: Array) -> tuple[Array, Array, Array]:
        """The same with the checksum of each entry."""
        ends = np.cumsum(entries["rows"], dtype=np.int64)
        for at, end in enumerate(ends.tolist()):
            start = end - int(entries["rows"][at])
            entries["checksum"][at] = _checksum(entries[at], rows[start:end], signs[start:end])
        return entries, rows, signs

    def _append(
        self, name: str, snapshot: _Snapshot, entries: Array, rows: Array, signs: Array
    ) -> None:
        """Write passages behind those of `snapshot`, over what a killed writer left there."""
        entry_file = self._file(name, "passages")
        whole = entry_file.stat().st_size // _ENTRY.itemsize if entry_file.exists() else 0
        size = len(snapshot.signs)
        _write_at(self._file(name, "rows"), size * self._row.itemsize, rows.tobytes())
        _write_at(self._file(name, "signs"), size * self._dimensions // 8, signs.tobytes())
        _write_at(entry_file, whole * _ENTRY.itemsize, entries.tobytes())

    def _sweep(self, current: str) -> None:
        """Remove other files. Whoever still maps one keeps its pages until it lets go."""
        for stale in self._folder.iterdir():
            if stale.suffix in {".passages", ".rows", ".signs", ".keys"} and stale.stem != current:
                stale.unlink(missing_ok=True)

    def _file(self, name: str, kind: str) -> Path:
        return self._folder / f"{name}.{kind}"


def _checksum(entry: Array, rows: Array, signs: Array) -> int:
    """CRC-32 of a passage's number, rows and signs."""
    head = crc32(entry["rows"].tobytes(), crc32(entry["number"].tobytes()))
    return crc32(signs.tobytes(), crc32(rows.tobytes(), head))


def _sign_bits(matrix: Floats) -> Array:
    """A bit for each dimension of each row, 64 in a number."""
    return np.packbits(matrix > 0, axis=1).view(np.uint64)


def _least(distances: Array, numbers_of: Callable[[Array], Array], k: int) -> Array:
    """The places of the `k` smallest, in the order of their numbers; of equal ones the lowest."""
    chosen = np.arange(len(distances))
    if len(distances) > k:
        # Counting is five times as fast as sorting: there are few distances, the dimensions.
        limit = int(np.searchsorted(np.cumsum(np.bincount(distances)), k))
        below = np.flatnonzero(distances < limit)
        equal = np.flatnonzero(distances == limit)
        # Stable: the rows of a passage have one number, and stay in their own order.
        equal = equal[np.argsort(numbers_of(equal), kind="stable")]
        chosen = np.concatenate([below, equal[: k - len(below)]])
        chosen.sort()
    return chosen[np.argsort(numbers_of(chosen), kind="stable")]


def _write_at(path: Path, offset: int, content: bytes) -> None:
    """Write from `offset` on, over whatever a killed writer left there, and have it on disk."""
    path.touch()
    with path.open("r+b") as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
