"""A collection for measuring: passages, questions, and which passages answer which.

Layout of a folder: `passages.jsonl` ({"id", "title", "text"}), `queries.jsonl` ({"id", "text"}) and
`qrels.tsv` (query id, passage id, relevance; separated by tabs).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.errors import CollectionError


@dataclass(frozen=True, slots=True)
class JudgedPassage:
    """A passage of a collection; it has a title, but no headings above it and no pin."""

    id: str
    title: str
    text: str
    heading: str = ""
    pin: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """Passages, questions by id, and `qrels[query id][passage id]`, a relevance above 0."""

    name: str
    passages: tuple[JudgedPassage, ...]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]


def read_collection(folder: Path) -> Collection:
    """Read a collection. Raises CollectionError naming the file and line at fault."""
    if not folder.is_dir():
        raise CollectionError(f"{folder} is no folder; give one that holds passages.jsonl")
    passages = tuple(
        JudgedPassage(str(row["id"]), str(row.get("title") or ""), row["text"])
        for row in _rows(folder / "passages.jsonl")
    )
    queries = {str(row["id"]): row["text"] for row in _rows(folder / "queries.jsonl")}
    return Collection(folder.resolve().name, passages, queries, _qrels(folder / "qrels.tsv"))


def write_collection(collection: Collection, folder: Path) -> None:
    """Write a collection into a new or empty folder. Raises CollectionError."""
    passages = (asdict(passage) for passage in collection.passages)
    queries = ({"id": query, "text": text} for query, text in collection.queries.items())
    qrels = (
        f"{query}\t{passage}\t{relevance}\n"
        for query, judged in collection.qrels.items()
        for passage, relevance in judged.items()
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Never mixed with the files of another collection, whose ids may be the same.
        if any(folder.iterdir()):
            raise CollectionError(f"{folder} holds something already; name a new or empty folder")
        _write(folder / "passages.jsonl", map(_line, passages))
        _write(folder / "queries.jsonl", map(_line, queries))
        _write(folder / "qrels.tsv", qrels)
    except OSError as error:
        raise CollectionError(f"{folder} cannot be written ({error.strerror or error})") from None


def _line(row: dict[str, str]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _write(path: Path, lines: Iterable[str]) -> None:
    # The same bytes on every system.
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise CollectionError(f"{path} cannot be read ({error}); see docs/retrieval.md") from None


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or "id" not in row or not isinstance(row.get("text"), str):
            raise CollectionError(f'{path}:{number} is no {{"id": …, "text": …}} object')
        yield row


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        parts = line.rstrip("\r\n").split("\t")
        if len(parts) != 3 or not parts[2].strip().isdigit():
            raise CollectionError(f"{path}:{number} is not 'query<TAB>passage<TAB>relevance'")
        # Zero means judged and not relevant, which the measures treat like unjudged.
        if int(parts[2]):
            qrels.setdefault(parts[0], {})[parts[1]] = int(parts[2])
    return qrels
