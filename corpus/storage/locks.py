"""The numbers of all locks that processes on several machines agree on, in one place.

PostgreSQL's advisory locks are numbers that a whole server shares, so they begin with "pin" and two
subjects never have the same one. Beside an SQLite database a file of the lock's name is locked.
"""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """What one process at a time may do. Numbers never change: an old version may still run."""

    # 0x70696E is "pin" in ASCII.
    MIGRATION = 0x70696E01
    FILING = 0x70696E02
    PEOPLE = 0x70696E03
    AUDIT = 0x70696E04
    UPLOADS = 0x70696E05
    WATCHES = 0x70696E06
    MARKS = 0x70696E07
    KEPT = 0x70696E08
    INDEXING = 0x70696E11
    RATE_LIMIT = 0x70696E12
    ACCESS = 0x70696E13
    EMBEDDING = 0x70696E21
    VECTORS = 0x70696E22
