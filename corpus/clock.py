"""What time is it, in the form in which the database keeps times?"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """UTC to the second: `2026-11-22T12:00:00Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
