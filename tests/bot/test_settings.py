"""Settings: every one is read, and a wrong one is refused with its name, value and expectation."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.setting_types import Address
from bot.settings import Settings, read_settings, setting_name, unknown_settings
from tests.bot.conftest import CommandLine

TOKEN = "123456789:AAAbbbCCCdddEEEfffGGGhhhIIIjjjKKK12"

CONTRACT = """
DATA DOCUMENTS DATABASE_URL INDEX MILVUS_URI MILVUS_TOKEN MEANING SEMANTIC TELEGRAM_TOKEN
TELEGRAM_TOKEN_FILE
TELEGRAM_BASE_URL
READER_URL READER_LISTEN READER_APP
TELEGRAM_BASE_FILE_URL TELEGRAM_WEBHOOK_URL TELEGRAM_WEBHOOK_SECRET TELEGRAM_WEBHOOK_LISTEN OWNERS
OPEN OPEN_MATTER NO_ORIGINALS PASSAGES LANGUAGE QUESTIONS_PER_MINUTE MAX_FILE_MB AUDIT_DAYS
AUDIT_KEY_FILE METRICS_LISTEN LOG_LEVEL LOG_JSON
"""


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable and no `.env` of the machine that runs the tests."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(setting_name(field), raising=False)


def test_the_settings_are_those_promised() -> None:
    """Names are a contract: none is missing and none is extra."""
    assert {setting_name(field) for field in Settings.model_fields} == {
        f"PINCITE_{name}" for name in CONTRACT.split()
    }


def test_defaults_are_those_promised() -> None:
    """Nothing has to be set."""
    settings = read_settings()
    assert (settings.data, settings.passages, settings.language) == (Path("data"), 3, "en")
    assert (settings.open, settings.open_matter, settings.index) == (False, "casefile", "embedded")
    assert (settings.questions_per_minute, settings.max_file_mb) == (20, 20)
    assert (settings.audit_days, settings.owners, settings.telegram_token) == (
        365,
        frozenset(),
        None,
    )


@pytest.mark.parametrize(
    ("name", "value", "field", "read"),
    [
        ("OWNERS", "1, 22", "owners", frozenset({1, 22})),
        ("OWNERS", "[1, 22]", "owners", frozenset({1, 22})),
        ("OWNERS", "", "owners", frozenset()),
        ("DATA", "somewhere/else", "data", Path("somewhere/else")),
        ("LANGUAGE", "zh_TW", "language", "zh-Hant"),
        ("LANGUAGE", "zh-hans", "language", "zh-Hans"),
        ("LOG_LEVEL", "DEBUG", "log_level", "debug"),
        ("OPEN", "true", "open", True),
        ("MEANING", "deep", "meaning", "deep"),
        ("MEANING", "off", "depth_of_meaning", "off"),
        ("SEMANTIC", "true", "depth_of_meaning", "deep"),
        ("SEMANTIC", "false", "depth_of_meaning", "light"),
        ("OPEN_MATTER", "合同-2", "open_matter", "合同-2"),
        ("NO_ORIGINALS", "appeal, 合同-2", "no_originals", frozenset(("appeal", "合同-2"))),
        (
            "TELEGRAM_WEBHOOK_LISTEN",
            "0.0.0.0:80",
            "telegram_webhook_listen",
            Address("0.0.0.0", 80),
        ),
        ("TELEGRAM_WEBHOOK_LISTEN", "[::1]:80", "telegram_webhook_listen", Address("::1", 80)),
        (
            "TELEGRAM_WEBHOOK_URL",
            "http://127.0.0.1:9/x",
            "telegram_webhook_url",
            "http://127.0.0.1:9/x",
        ),
        (
            "TELEGRAM_WEBHOOK_URL",
            "https://a.example/x",
            "telegram_webhook_url",
            "https://a.example/x",
        ),
    ],
)
def test_values_are_read(
    name: str, value: str, field: str, read: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each form that the documentation allows is understood."""
    monkeypatch.setenv(f"PINCITE_{name}", value)
    assert getattr(read_settings(), field) == read


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PASSAGES", "0", "a whole number from 1 to 10"),
        ("PASSAGES", "many", "a whole number from 1 to 10"),
        ("INDEX", "lucene", "embedded or milvus"),
        ("OWNERS", "1,@ann", "user ids"),
        ("OWNERS", "[1,", "user ids"),
        ("OPEN", "perhaps", "true or false"),
        ("OPEN_MATTER", "a b", "a matter's name"),
        ("NO_ORIGINALS", "appeal,a b", "names of matters"),
        ("LANGUAGE", "fr", "en, zh-Hans or zh-Hant"),
        ("MAX_FILE_MB", "-1", "a whole number"),
        ("LOG_LEVEL", "loud", "debug, info, warning or error"),
        ("TELEGRAM_WEBHOOK_URL", "http://bot.example/x", "an https URL"),
        ("TELEGRAM_WEBHOOK_URL", "https://[", "an https URL"),
        ("TELEGRAM_WEBHOOK_LISTEN", "8443", "host:port"),
        ("TELEGRAM_WEBHOOK_LISTEN", "a:99999", "host:port"),
        ("TELEGRAM_BASE_URL", "somewhere", "a Bot API server"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line(
    name: str, value: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line holds the name, the value and what was expected."""
    monkeypatch.setenv(f"PINCITE_{name}", value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"PINCITE_{name} is {value!r}; expected ")
    assert expected in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_TOKEN", "hunter2"),
        ("TELEGRAM_WEBHOOK_SECRET", "hunter2 hunter2"),
        ("DATABASE_URL", "mysql://ann:hunter2@db/pincite"),
    ],
)
def test_a_wrong_secret_is_never_shown(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in the refusal, and not in the representation of the settings either."""
    monkeypatch.setenv(f"PINCITE_{name}", value)
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert f"PINCITE_{name} (not shown); expected " in str(refused.value)
    assert "hunter2" not in str(refused.value)
    monkeypatch.delenv(f"PINCITE_{name}")
    monkeypatch.setenv("PINCITE_TELEGRAM_TOKEN", TOKEN)
    assert TOKEN not in repr(read_settings())


def test_every_wrong_value_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One start is enough to learn of all mistakes."""
    monkeypatch.setenv("PINCITE_PASSAGES", "99")
    monkeypatch.setenv("PINCITE_LANGUAGE", "fr")
    with pytest.raises(SettingsError) as refused:
        read_settings()
    assert len(str(refused.value).splitlines()) == 2


def test_milvus_needs_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings that only make sense together are checked together."""
    monkeypatch.setenv("PINCITE_INDEX", "milvus")
    with pytest.raises(SettingsError, match="PINCITE_MILVUS_URI"):
        read_settings()


def test_the_file_is_read_below_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`.env` < environment < `--data`."""
    (tmp_path / ".env").write_text("PINCITE_PASSAGES=5\nPINCITE_DATA=a\nPINCITE_AUDIT_DAYS=7\n")
    monkeypatch.setenv("PINCITE_PASSAGES", "6")
    settings = read_settings(Path("b"))
    assert (settings.passages, settings.data, settings.audit_days) == (6, Path("b"), 7)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 give a line, not a traceback."""
    (tmp_path / ".env").write_bytes(b"PINCITE_PASSAGES=\xff\n")
    with pytest.raises(SettingsError, match="UTF-8"):
        read_settings()


def test_unknown_names_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelled setting does not stop the start, but the doctor can tell of it."""
    (tmp_path / ".env").write_text("PINCITE_TELEGRAM_TOKEM=x\nOTHER=y\n")
    monkeypatch.setenv("PINCITE_PASAGES", "5")
    read_settings()
    assert unknown_settings() == ("PINCITE_PASAGES", "PINCITE_TELEGRAM_TOKEM")


def test_a_line_that_means_nothing_is_named(nowhere: Path, pincite: CommandLine) -> None:
    """One that would be passed over might have been the token."""
    (nowhere / ".env").write_text("# fine\nPINCITE_PASSAGES=2\n= 3\n")
    ran = pincite("documents")
    assert ran.status == 2
    assert ran.err == "pincite: .env, line 3: expected NAME=value, or # a comment\n"
