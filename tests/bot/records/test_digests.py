"""An hour of a day is read as people write it, and strikes once a day on its own clock."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from bot.records.digests import Hour, parse_hour


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("9", Hour(9)),
        ("09:00", Hour(9)),
        ("0", Hour(0)),
        ("9 +8", Hour(9, 480)),
        ("9 UTC+8", Hour(9, 480)),
        ("9 utc", Hour(9)),
        ("17 -05:30", Hour(17, -330)),
        ("17 −3", Hour(17, -180)),
        ("24", None),
        ("9:30", Hour(9, 0, 30)),
        ("9am", Hour(9)),
        ("12am", Hour(0)),
        ("9:30 PM +5:30", Hour(21, 330, 30)),
        ("9 asia/taipei", Hour(9, zone="Asia/Taipei")),
        ("9 Asia/Nowhere", None),
        ("13pm", None),
        ("9:15", None),
        ("9 +15", None),
        ("9 +8:75", None),
        ("nine", None),
        ("", None),
    ],
)
def test_hours(text: str, hour: Hour | None) -> None:
    """A full or half hour, with the offset or the zone of its clock; nothing else."""
    assert parse_hour(text) == hour


def test_when_an_hour_strikes() -> None:
    """Ten minutes at a time over days, the day changes exactly when that clock shows the hour."""
    for hour in (Hour(0), Hour(9), Hour(23, 840), Hour(1, -330)):
        days = []
        for minute in range(0, 3 * 1440, 10):
            moment = datetime.fromtimestamp(1_700_000_000 // 600 * 600 + 60 * minute, UTC)
            days.append((moment, hour.last_before(moment)))
        for (_, before), (moment, after) in pairwise(days):
            local = (moment.hour * 60 + moment.minute + hour.offset_minutes) % 1440
            assert (before != after) == (local == hour.hour * 60)
