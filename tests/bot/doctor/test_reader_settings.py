"""The doctor says what the reader lacks so that Telegram can open it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.doctor.checks import check_settings
from bot.settings import Settings

TOKEN = SecretStr("123456789:AAAbbbCCCdddEEEfffGGGhhhIIIjjjKKK12")


@pytest.mark.parametrize(
    ("values", "warning"),
    [
        ({"reader_app": "page"}, "PINCITE_READER_APP has no effect"),
        ({"reader_url": "https://reader.example"}, "has no effect without a token"),
        ({"reader_url": "http://127.0.0.1:1", "telegram_token": TOKEN}, "is not https"),
        ({"reader_url": "https://reader.example", "telegram_token": TOKEN}, ""),
    ],
)
def test_settings_of_the_reader(nowhere: Path, values: dict[str, Any], warning: str) -> None:
    """Each combination that does not work has one line, and one that works has none."""
    results = [str(result) for result in check_settings(Settings(data=nowhere, **values))]
    warnings = [line for line in results if "READER" in line]
    assert len(warnings) == bool(warning)
    assert all(warning in line for line in warnings)
