"""What can go wrong with documents.

CorpusError
├── UnreadableFile        a file that no reader could turn into text, with its Reason
├── NotFound              no such document, passage or matter, or not for this person
│   ├── AnotherContent    a copied citation names another content than its id opens here
│   └── Damaged           it is on the disk, and is not what was filed
├── Withdrawn             it was here, and the person may know that it was withdrawn
├── UnderHold             a legal hold keeps what was to be removed
├── HoldExists            the matter is under a legal hold already
├── MalformedCitation     text that is no citation id at all
├── InvalidMatter         a matter name outside the permitted form
├── DatabaseTooNew        the database was written by a newer version
├── DatabaseUnavailable   it cannot be opened
│   └── CannotWrite       not now: the disk is full, or another process keeps it locked
├── BackupRefused         a backup that cannot be made here, or brought back
└── MoveRefused           a database that cannot be moved, or not to there

Each other message is one line for the person who can fix it: what, which, and the fix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.models import Hold
    from corpus.reasons import Reason


class CorpusError(Exception):
    """The root of every error this package raises on purpose."""


class UnreadableFile(CorpusError):
    """A file that no reader could turn into text, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class NotFound(CorpusError):
    """Nothing by that name within the scope asked for."""


class AnotherContent(NotFound):
    """A copied citation whose id belongs to another content here."""


class Damaged(NotFound):
    """What is on the disk is not what was filed, so that it is not shown."""


class Withdrawn(CorpusError):
    """A document that was withdrawn from every matter within the scope asked for."""


class UnderHold(CorpusError):
    """What was to be removed is in a matter, or in several, under a legal hold."""

    def __init__(self, holds: tuple[Hold, ...]) -> None:
        names = "; ".join(f"{hold.matter} since {hold.since[:10]}: {hold.reason}" for hold in holds)
        super().__init__(
            f"a legal hold keeps everything as it is ({names}): nothing is removed until"
            f" 'pincite release {holds[0].matter}'"
        )
        self.holds = holds


class HoldExists(CorpusError):
    """The matter is under a legal hold already."""


class MalformedCitation(CorpusError, ValueError):
    """Text that is not of the form of a citation id."""


class InvalidMatter(CorpusError, ValueError):
    """A matter name outside the permitted form."""


class DatabaseTooNew(CorpusError):
    """The database holds migrations that this version does not know."""


class DatabaseUnavailable(CorpusError):
    """The database cannot be opened or written."""


class CannotWrite(DatabaseUnavailable):
    """What was to be written could not be at this moment; later it may be."""


class BackupRefused(CorpusError):
    """A backup that cannot be made here, or that cannot be brought back."""


class MoveRefused(CorpusError):
    """A database that cannot be moved, or not to where it should go."""
