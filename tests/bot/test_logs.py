"""Logs: one record an event, readable by machines when asked, and without any secret."""

from __future__ import annotations

import io
import json
import logging
from typing import TYPE_CHECKING

import pytest
import structlog

from bot.logs import HIDDEN, configure_logs
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "123456789:AAAbbbCCCdddEEEfffGGGhhhIIIjjjKKK12"


@pytest.fixture(autouse=True)
def _put_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PINCITE_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("PINCITE_DATABASE_URL", "postgresql://ann:hunter2@db/pincite")
    return read_settings()


def _logged(settings: Settings, *, json_lines: bool, quiet: bool = False) -> str:
    stream = io.StringIO()
    configure_logs(settings.model_copy(update={"log_json": json_lines}), quiet=quiet, stream=stream)
    structlog.get_logger("bot.x").info(
        "asked", url=f"https://api/bot{TOKEN}/getMe", who="a\x1b[2J\nb"
    )
    try:
        int(f"postgresql://ann:hunter2@db/pincite {TOKEN}")
    except ValueError:
        logging.getLogger("telegram.ext").exception("failed: %s", TOKEN)
    return stream.getvalue()


@pytest.mark.parametrize("json_lines", [True, False])
def test_no_secret_is_ever_logged(settings: Settings, json_lines: bool) -> None:
    """Neither from our own records, nor from a library's, nor from inside a traceback."""
    logged = _logged(settings, json_lines=json_lines)
    assert HIDDEN in logged
    assert TOKEN not in logged
    assert "hunter2" not in logged


def test_json_records_are_one_line_each(settings: Settings) -> None:
    """Records of structlog and of the standard library have the same shape."""
    records = [json.loads(line) for line in _logged(settings, json_lines=True).splitlines()]
    assert [(each["event"], each["level"]) for each in records] == [
        ("asked", "info"),
        (f"failed: {HIDDEN}", "error"),
    ]
    assert all(each["timestamp"].endswith("Z") for each in records)
    assert "ValueError" in records[1]["exception"]


def test_what_people_wrote_cannot_forge_a_record(settings: Settings) -> None:
    """Line ends and escape sequences in values are shown, not obeyed."""
    first = _logged(settings, json_lines=False).splitlines()[0]
    assert "\x1b" not in first
    assert "b" in first.partition("who=")[2]


def test_quiet_commands_log_warnings_only(settings: Settings) -> None:
    """Commands that answer and leave say nothing else, unless a level is asked for."""
    assert "asked" not in _logged(settings, json_lines=False, quiet=True)
    chosen = settings.model_copy(update={"log_level": "info"})
    assert "asked" in _logged(chosen, json_lines=False, quiet=True)
