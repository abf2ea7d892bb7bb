"""The audit as a chain: each record's hash covers the record and the hash of the one before it.

    hash = SHA-256(previous + "\\n" + canonical JSON of the public fields)
    personal = SHA-256(salt + "\\n" + canonical JSON of the personal fields)

`personal` is one of the public fields. So a person's question and id can be removed together with
the salt, without which no guess of them can be tried, and every hash still holds. The numbers of
the records whose personal fields went stand in a later record of the kind `forgotten`: a question
that is missing without such a record was taken out by somebody else.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

GENESIS: Final = "0" * 64
"""What the first record has before it."""

PUBLIC: Final = (
    "number",
    "at",
    "kind",
    "via",
    "chat",
    "thread_id",
    "citations",
    "index_version",
    "details",
    "personal",
)
FORGOTTEN: Final = "forgotten"
DROPPED: Final = "dropped"
# Records of these kinds show nothing to anybody, so they have no question to miss.
_OURS: Final = (FORGOTTEN, DROPPED)
# Where all records were changed, all are problems; a few are enough to know.
_MOST_PROBLEMS: Final = 5


@dataclass(frozen=True, slots=True)
class ChainLink:
    """The place of a record in the chain."""

    number: int = 0
    hash: str = GENESIS


def record_hash(row: Mapping[str, Any]) -> str:
    """The hash that a row's public fields and its `previous` give."""
    public = {name: row[name] for name in PUBLIC if name != "chat"}
    # The id of a private chat is the person's id, which must be removable.
    public["chat"] = None if is_private(row["chat_id"]) else row["chat_id"]
    return _sha256(row["previous"], public)


def personal_digest(row: Mapping[str, Any]) -> str:
    """The digest that a row's personal fields and its `salt` give; '' for rows without a salt."""
    # The salt is removed with the personal fields: without it no guess of them can be tried.
    if row["salt"] is None:
        return ""
    personal = {name: row[name] for name in ("message_id", "person_id", "question")}
    personal["chat"] = row["chat_id"] if is_private(row["chat_id"]) else None
    return _sha256(row["salt"], personal)


def is_private(chat_id: int | None) -> bool:
    """Whether a chat's id is the id of the person who writes there: groups have negative ones."""
    return chat_id is not None and chat_id > 0


def problems(rows: Iterable[Mapping[str, Any]], first: ChainLink, last: ChainLink) -> Iterator[str]:
    """What does not hold, in words; nothing for a whole chain. Rows in the order of their numbers.

    `first`: the last record that was dropped for its age; `last`: the newest record.
    """
    check = _Check(first)
    for row in rows:
        yield from check.of_row(row)
        if check.found >= _MOST_PROBLEMS:
            yield "there may be more"
            return
    yield from check.of_ends(first, last)


@dataclass(slots=True)
class _Check:
    """One walk along the chain."""

    before: ChainLink
    found: int = 0
    missing_text: set[int] = field(default_factory=set)
    forgotten: set[int] = field(default_factory=set)
    dropped: ChainLink = field(default_factory=ChainLink)

    def of_row(self, row: Mapping[str, Any]) -> Iterator[str]:
        number = row["number"]
        if number != self.before.number + 1:
            yield self._count(_gap(self.before.number + 1, number - 1))
        elif row["previous"] != self.before.hash:
            yield self._count(f"record {number} does not follow the one before it")
        if row["hash"] != record_hash(row) or not self._holds_its_text(row):
            yield self._count(f"record {number} is not what was written")
        self.before = ChainLink(number, row["hash"])
        self._note(row)

    def of_ends(self, first: ChainLink, last: ChainLink) -> Iterator[str]:
        if self.before.number < last.number:
            yield _gap(self.before.number + 1, last.number)
        elif self.before != last:
            yield f"record {self.before.number} is not the last one that was written"
        if first != self.dropped:
            yield f"records up to {first.number} are missing, and none says that they were dropped"
        for number in sorted(self.missing_text - self.forgotten)[:_MOST_PROBLEMS]:
            yield f"the question of record {number} was removed, and by no /forgetme"

    def _holds_its_text(self, row: Mapping[str, Any]) -> bool:
        if row["salt"] is not None:
            return bool(row["personal"] == personal_digest(row))
        personal = (row["message_id"], row["person_id"], row["question"])
        bare = all(value is None for value in personal) and not is_private(row["chat_id"])
        if row["kind"] not in _OURS:
            self.missing_text.add(row["number"])
        return bare

    def _note(self, row: Mapping[str, Any]) -> None:
        if row["kind"] == FORGOTTEN:
            self.forgotten |= set(row["details"]["numbers"])
        elif row["kind"] == DROPPED:
            self.dropped = ChainLink(row["details"]["number"], row["details"]["hash"])

    def _count(self, problem: str) -> str:
        self.found += 1
        return problem


def _gap(start: int, end: int) -> str:
    if start > end:
        return f"record {end + 1} stands twice, or out of order"
    return f"record {start} is missing" if start == end else f"records {start} to {end} are missing"


def _sha256(first: str, fields: Mapping[str, Any]) -> str:
    # ASCII, sorted and without spaces, so that others can compute the same bytes.
    text = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{first}\n{text}".encode()).hexdigest()
