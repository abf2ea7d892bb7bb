"""The audit as a chain: each record's hash covers the record and the hash of the one before it.

    hash     = SHA-256(previous + "\\n" + canonical JSON of the public fields)
    personal = SHA-256(salt + "\\n" + canonical JSON of the personal fields)
    about    = SHA-256(about_salt + "\\n" + canonical JSON of {"about_id": about_id})
    seal     = key id + ":" + HMAC-SHA256(key, hash)

`personal` is one of the public fields, and so is `about` where there is one. So a person's question
and id can be removed together with the salt, without which no guess of them can be tried, and every
hash still holds. The numbers of the records whose personal fields went stand in a later record of
the kind `forgotten`: a question that is missing without such a record was taken out by somebody
else. The key is kept outside the database, so whoever can write to the database alone can compute
hashes, but no seals. A hash that was noted elsewhere shows later that nothing before it was
changed, and that the end was not cut off.

This module needs the standard library alone, because `pincite export-audit --bundle` puts a copy of
it beside the records: it is the program `verify_audit.py` there, for Python 3.8 and later.
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
"""What the first record has before it."""

PUBLIC = (
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
FORGOTTEN = "forgotten"
DROPPED = "dropped"
# Records of these kinds show nothing to anybody, so they have no question to miss.
_OURS = (FORGOTTEN, DROPPED)
# Where all records were changed, all are problems; a few are enough to know.
_MOST_PROBLEMS = 5

_TEXT, _NUMBER, _NONE = (str,), (int,), type(None)
_KINDS_OF_VALUE: dict[str, tuple[type, ...]] = {
    "number": _NUMBER,
    "at": _TEXT,
    "kind": _TEXT,
    "via": _TEXT,
    "chat_id": (int, _NONE),
    "thread_id": (int, _NONE),
    "message_id": (int, _NONE),
    "person_id": (int, _NONE),
    "question": (str, _NONE),
    "salt": (str, _NONE),
    "personal": _TEXT,
    "citations": (list,),
    "index_version": _TEXT,
    "details": (dict, _NONE),
    "previous": _TEXT,
    "hash": _TEXT,
    "about_id": (int, _NONE),
    "about_salt": (str, _NONE),
    "about": (str, _NONE),
    "seal": (str, _NONE),
}
"""The fields of a record as it is stored and exported, and what each may hold."""


@dataclass(frozen=True)
class ChainLink:
    """The place of a record in the chain."""

    number: int = 0
    hash: str = GENESIS


@dataclass(frozen=True)
class SealingKey:
    """The key that seals records, and the last record that was written before there was one."""

    value: bytes
    since: ChainLink = field(default_factory=ChainLink)

    @property
    def id(self) -> str:
        """What names the key without telling it."""
        return hashlib.sha256(b"pincite audit key " + self.value).hexdigest()[:8]

    def seal(self, record_hash: str) -> str:
        """What only a holder of the key can compute of a record's hash."""
        code = hmac.new(self.value, record_hash.encode(), hashlib.sha256).hexdigest()
        return f"{self.id}:{code}"


@dataclass(frozen=True)
class Witness:
    """What is known about the chain from outside of it: a key, and hashes that were noted."""

    key: SealingKey | None = None
    notes: Sequence[ChainLink] = ()


def record_hash(row: Mapping[str, Any]) -> str:
    """The hash that a row's public fields and its `previous` give."""
    public = {name: row[name] for name in PUBLIC if name != "chat"}
    # The id of a private chat is the person's id, which must be removable.
    public["chat"] = None if is_private(row["chat_id"]) else row["chat_id"]
    # Records of before this field existed keep the hash that they had.
    if row["about"] is not None:
        public["about"] = row["about"]
    return _sha256(row["previous"], public)


def personal_digest(row: Mapping[str, Any]) -> str:
    """The digest that a row's personal fields and its `salt` give; '' for rows without a salt."""
    # The salt is removed with the personal fields: without it no guess of them can be tried.
    if row["salt"] is None:
        return ""
    personal = {name: row[name] for name in ("message_id", "person_id", "question")}
    personal["chat"] = row["chat_id"] if is_private(row["chat_id"]) else None
    return _sha256(row["salt"], personal)


def about_digest(row: Mapping[str, Any]) -> str | None:
    """The digest of whom a record is about; None where it is about nobody."""
    # A salt of its own: whom a record is about may be forgotten without whoever acted.
    return _sha256(row["about_salt"], {"about_id": row["about_id"]}) if row["about_salt"] else None


def is_private(chat_id: int | None) -> bool:
    """Whether a chat's id is the id of the person who writes there: groups have negative ones."""
    return chat_id is not None and chat_id > 0


def problems(
    rows: Iterable[Mapping[str, Any]],
    first: ChainLink,
    last: ChainLink,
    witness: Witness = Witness(),
) -> Iterator[str]:
    """What does not hold, in words; nothing for a whole chain. Rows in the order of their numbers.

    `first`: the last record that was dropped for its age; `last`: the newest record.
    """
    check = _Check(first, witness, {note.number: note.hash for note in witness.notes})
    for row in rows:
        yield from check.of_row(row)
        if check.count >= _MOST_PROBLEMS:
            yield "there may be more"
            return
    yield from check.of_ends(first, last)


@dataclass
class _Check:
    """One walk along the chain."""

    before: ChainLink
    witness: Witness
    noted: dict[int, str]
    count: int = 0
    missing_text: set[int] = field(default_factory=set)
    forgotten: set[int] = field(default_factory=set)
    # Where personal fields are still there, a record that says they went is forged.
    with_text: set[int] = field(default_factory=set)
    dropped: ChainLink = field(default_factory=ChainLink)

    def of_row(self, row: Mapping[str, Any]) -> Iterator[str]:
        for problem in self._row_problems(row):
            self.count += 1
            yield problem

    def _row_problems(self, row: Mapping[str, Any]) -> Iterator[str]:
        damage = damaged_field(row)
        number = row.get("number")
        if damage:
            where = number if isinstance(number, int) else f"after {self.before.number}"
            yield f"record {where} is damaged: {damage}"
            # Without a number and a hash of its own nothing can be said of what follows it.
            if isinstance(number, int) and isinstance(row.get("hash"), str):
                self.before = ChainLink(number, row["hash"])
            return
        number = row["number"]
        if number != self.before.number + 1:
            yield _gap(self.before.number + 1, number - 1)
        elif row["previous"] != self.before.hash:
            yield f"record {number} does not follow the one before it"
        if row["hash"] != record_hash(row) or not self._holds_its_text(row):
            yield f"record {number} is not what was written"
        yield from self._witnessed(row)
        self.before = ChainLink(number, row["hash"])
        yield from self._note(row)

    def _witnessed(self, row: Mapping[str, Any]) -> Iterator[str]:
        number, key = row["number"], self.witness.key
        if self.noted.get(number, row["hash"]) != row["hash"]:
            yield f"record {number} has not the hash that was noted for it elsewhere"
        if key is None or number <= key.since.number:
            return
        if row["seal"] is None:
            yield f"record {number} bears no seal"
        elif not row["seal"].startswith(f"{key.id}:"):
            yield f"record {number} was sealed with another key than {key.id}"
        elif not hmac.compare_digest(row["seal"].encode(), key.seal(row["hash"]).encode()):
            yield f"record {number} was sealed by somebody without the key"

    def of_ends(self, first: ChainLink, last: ChainLink) -> Iterator[str]:
        if self.before.number < last.number:
            yield _gap(self.before.number + 1, last.number)
        elif self.before != last:
            yield f"record {self.before.number} is not the last one that was written"
        if first != self.dropped:
            yield f"records up to {first.number} are missing, and none says that they were dropped"
        noted = max(self.noted, default=0)
        if noted > self.before.number:
            yield (
                f"records {self.before.number + 1} to {noted} were noted elsewhere and are missing:"
                " the end was cut off, or an older copy was brought back"
            )
        if self.noted.get(first.number, first.hash) != first.hash:
            yield f"record {first.number} had another hash than the one said to be dropped"
        for number in sorted(self.missing_text - self.forgotten)[:_MOST_PROBLEMS]:
            yield f"the question of record {number} was removed, and by no /forgetme"

    def _holds_its_text(self, row: Mapping[str, Any]) -> bool:
        number = row["number"]
        about = (row["about_id"], row["about_salt"])
        if row["about"] is None or row["about_salt"] is None:
            about_holds = about == (None, None)
        else:
            about_holds = row["about"] == about_digest(row)
        if row["about"] is not None and row["about_salt"] is None:
            self.missing_text.add(number)
        if row["salt"] is not None:
            # A record is emptied in parts where it names two people.
            if row["about_salt"] is not None or row["about"] is None:
                self.with_text.add(number)
            return about_holds and bool(row["personal"] == personal_digest(row))
        personal = (row["message_id"], row["person_id"], row["question"])
        if row["kind"] not in _OURS:
            self.missing_text.add(number)
        bare = all(value is None for value in personal) and not is_private(row["chat_id"])
        return about_holds and bare

    def _note(self, row: Mapping[str, Any]) -> Iterator[str]:
        if row["kind"] == FORGOTTEN:
            numbers = (row["details"] or {}).get("numbers")
            if not isinstance(numbers, list) or not all(type(n) is int for n in numbers):
                yield f"record {row['number']} does not say which records were forgotten"
                return
            forged = sorted(n for n in numbers if n >= row["number"] or n in self.with_text)
            if forged:
                yield (
                    f"record {row['number']} says that record {forged[0]} was forgotten,"
                    " which was not"
                )
            self.forgotten |= set(numbers)
        elif row["kind"] == DROPPED:
            yield from self._note_dropped(row)

    def _note_dropped(self, row: Mapping[str, Any]) -> Iterator[str]:
        details = row["details"] or {}
        number, dropped_hash = details.get("number"), details.get("hash")
        if type(number) is not int or not isinstance(dropped_hash, str):
            yield f"record {row['number']} does not say which records were dropped"
            return
        # Each drop goes further than the one before, and never up to itself.
        if not self.dropped.number < number < row["number"]:
            yield f"record {row['number']} says that record {number} was dropped, which cannot be"
        self.dropped = ChainLink(number, dropped_hash)


def damaged_field(row: Mapping[str, Any]) -> str:
    """What is wrong with the form of a record, in words; '' when every field is there and fits."""
    for name, kinds in _KINDS_OF_VALUE.items():
        if name not in row:
            return f"it has no {name}"
        # bool is a subclass of int, and no number here.
        if not isinstance(row[name], kinds) or isinstance(row[name], bool):
            return f"its {name} cannot be read"
    if not all(isinstance(citation, str) for citation in row["citations"]):
        return "its citations cannot be read"
    unknown = sorted(set(row) - set(_KINDS_OF_VALUE))
    return f"nothing writes a field {unknown[0]!r}" if unknown else ""


def _gap(start: int, end: int) -> str:
    if start > end:
        return f"record {end + 1} stands twice, or out of order"
    return f"record {start} is missing" if start == end else f"records {start} to {end} are missing"


def _sha256(first: str, fields: Mapping[str, Any]) -> str:
    # ASCII, sorted and without spaces, so that others can compute the same bytes.
    text = json.dumps(fields, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{first}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


# -- as a program beside exported records ---------------------------------------------------------

RECORDS = "audit.jsonl"
CONTENTS = "bundle.json"
_NOTE = re.compile(r"(?P<number>[0-9]+):(?P<hash>[0-9a-fA-F]{8,64})")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the folder that this file is in, or another; status 1 when anything does not hold."""
    parser = argparse.ArgumentParser(description="Check an audit that Pincite exported.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument(
        "--noted",
        action="append",
        default=[],
        metavar="NUMBER:HASH",
        help="a hash that was noted earlier, in whole or its first eight digits or more",
    )
    parser.add_argument("--key", type=Path, help="the file audit.key, which checks the seals")
    options = parser.parse_args(arguments)
    try:
        failures = list(bundle_problems(options.folder, options.noted, options.key))
    except (OSError, ValueError, KeyError, TypeError) as error:
        failures = [f"the folder cannot be read: {error}"]
    for failure in failures:
        print(f"NOT WHOLE: {failure}")
    if not failures:
        contents = json.loads((options.folder / CONTENTS).read_text("utf-8"))
        print(
            f"whole: {contents['records']} records, up to number {contents['last']['number']}"
            f" with the hash {contents['last']['hash']}"
        )
        if not options.noted and options.key is None:
            print(
                "Nothing from outside was compared. A chain that was written anew from its start"
                " looks whole: give --noted NUMBER:HASH from a message of the bot, or --key."
            )
    return 1 if failures else 0


def bundle_problems(folder: Path, noted: Sequence[str], key: Path | None) -> Iterator[str]:
    """What does not hold in an exported folder. Raises OSError, ValueError, KeyError, TypeError."""
    contents = json.loads((folder / CONTENTS).read_text("utf-8"))
    sealing_key = read_key(key.read_text("ascii")) if key else None
    if sealing_key and contents.get("seal") != sealing_key.seal(contents_hash(contents)):
        yield f"{CONTENTS} was not sealed with this key"
    for name, expected in contents["sha256"].items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
            yield f"{name} is not what was exported"
    first, last = (ChainLink(**contents[end]) for end in ("first", "last"))
    rows, counted = _read_rows(folder / RECORDS), 0
    # Read whole: the hashes of lines that cannot be parsed are not known while they stream.
    records: list[Mapping[str, Any]] = []
    for row in rows:
        if isinstance(row, str):
            yield row
            return
        records.append(row)
        counted += 1
    if counted != contents["records"]:
        yield f"{RECORDS} holds {counted} records where {contents['records']} were exported"
    notes, failures = _notes(noted, records, first)
    yield from failures
    yield from problems(records, first, last, Witness(sealing_key, notes))


def contents_hash(contents: Mapping[str, Any]) -> str:
    """The hash of what a folder says that it holds, which its seal is made of."""
    return _sha256("", {name: value for name, value in contents.items() if name != "seal"})


def _read_rows(path: Path) -> Iterator[Any]:
    """The records of a file; a string in place of one that cannot be read."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for at, line in enumerate(lines, 1):
            try:
                row = json.loads(line, object_pairs_hook=_without_repetition)
            except ValueError as error:
                yield f"line {at} of {path.name} is no record: {error}"
                return
            if not isinstance(row, dict) or not line.endswith("\n"):
                yield f"line {at} of {path.name} is no whole record"
                return
            yield row


def _without_repetition(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    # Programs differ in which of two equal names they believe.
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands in it twice")
    return dict(pairs)


def _notes(
    noted: Sequence[str], records: Sequence[Mapping[str, Any]], first: ChainLink
) -> tuple[list[ChainLink], list[str]]:
    """Noted hashes in whole length, and what is wrong with the notes."""
    numbered = (row for row in records if isinstance(row.get("number"), int))
    hashes = {row["number"]: row.get("hash") for row in numbered}
    hashes[first.number] = first.hash
    notes, failures = [], []
    for text in noted:
        match = _NOTE.fullmatch(text.strip().rstrip("…"))
        if match is None:
            failures.append(f"{text!r} is no note: expected NUMBER:HASH")
            continue
        number, start = int(match["number"]), match["hash"].lower()
        stored = hashes.get(number)
        # Whoever notes eight digits compares eight digits.
        same = isinstance(stored, str) and stored.startswith(start)
        notes.append(ChainLink(number, stored if same and stored else start))
    return notes, failures


def read_key(text: str) -> SealingKey:
    """The key in the text of a key file. Raises ValueError when it is not what was written."""
    content = json.loads(text)
    if not isinstance(content, dict) or content.get("check") != key_check(content):
        raise ValueError("the key is not what was written")
    return SealingKey(bytes.fromhex(content["key"]), ChainLink(**content["since"]))


def key_check(content: Mapping[str, Any]) -> str:
    """A checksum of a key file's content: a damaged key must not look like a forged audit."""
    return _sha256("", {"key": content.get("key"), "since": content.get("since")})[:16]


if __name__ == "__main__":
    sys.exit(main())
