"""The settings of the operator: `PINCITE_*` variables and the file `.env`, checked once at start.

The description of each field says which values it takes. Error messages and the docs quote it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from bot.setting_types import (
    Address,
    AppName,
    BotToken,
    DatabaseUrl,
    LanguageName,
    LevelName,
    Listen,
    MatterName,
    MatterNames,
    People,
    WebAddress,
    WebhookAddress,
    WebhookSecret,
)

PREFIX = "PINCITE_"
ENV_FILE = ".env"


class Settings(BaseSettings):
    """Everything that can be set. The field `data` is read from `PINCITE_DATA`, and so on."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        # `PINCITE_X=` in a compose file means that it is not set.
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        # The value may be a token.
        hide_input_in_errors=True,
    )

    data: Path = Field(
        Path("data"), description="a folder that can be written; all that Pincite keeps is in it"
    )
    documents: Path | None = Field(
        None, description="a folder to watch; its files are added to the matter 'documents'"
    )
    database_url: DatabaseUrl | None = Field(
        None,
        description="a URL such as postgresql+psycopg://USER:PASSWORD@HOST/NAME or sqlite:///FILE",
    )
    index: Literal["embedded", "milvus"] = Field("embedded", description="embedded or milvus")
    milvus_uri: str | None = Field(None, description="the address of a Milvus server")
    milvus_token: SecretStr | None = Field(None, description="the token of the Milvus server")
    meaning: Literal["off", "light", "deep"] = Field("light", description="off, light or deep")
    semantic: bool = Field(False, description="true or false; true is the same as meaning deep")

    telegram_token: BotToken | None = Field(
        None,
        description="a bot token as BotFather gives it: digits, a colon, 35 letters and digits",
    )
    telegram_token_file: Path | None = Field(
        None,
        description="a file that holds the token and nothing else, such as a container's secret",
    )
    telegram_base_url: WebAddress | None = Field(
        None, description="the URL of a Bot API server that ends with /bot"
    )
    telegram_base_file_url: WebAddress | None = Field(
        None, description="the URL of a Bot API server's files that ends with /file/bot"
    )
    telegram_webhook_url: WebhookAddress | None = Field(
        None, description="an https URL (http only on this machine); unset, the bot polls"
    )
    telegram_webhook_secret: WebhookSecret | None = Field(
        None, description="1 to 256 of the characters A-Z a-z 0-9 _ -"
    )
    telegram_webhook_listen: Listen = Field(Address("127.0.0.1", 8443), description="host:port")

    reader_url: WebhookAddress | None = Field(
        None, description="the https address at which the reader is reached (http on this machine)"
    )
    reader_listen: Listen = Field(Address("127.0.0.1", 8090), description="host:port")
    reader_app: AppName | None = Field(
        None, description="the short name of the Mini App, as BotFather was told it"
    )

    metrics_listen: Listen | None = Field(
        None, description="host:port for /metrics, /healthz and /readyz; unset, none are served"
    )

    owners: People = Field(frozenset(), description="Telegram user ids separated by commas")
    open: bool = Field(False, description="true or false: may strangers ask the open matter")
    open_matter: MatterName = Field(
        "casefile", description="a matter's name: 1 to 64 letters, digits, '-', '_' or '.'"
    )
    no_originals: MatterNames = Field(
        frozenset(),
        description="names of matters separated by commas, whose original files nobody is given",
    )
    passages: int = Field(3, ge=1, le=10, description="a whole number from 1 to 10")
    language: LanguageName = Field("en", description="en, zh-Hans or zh-Hant")
    questions_per_minute: int = Field(
        20, ge=1, le=6000, description="a whole number from 1 to 6000, for each person"
    )
    max_file_mb: int = Field(20, ge=1, le=4096, description="a whole number from 1 to 4096")
    audit_days: int = Field(
        365, ge=1, le=36500, description="a whole number of days from 1 to 36500"
    )
    audit_key_file: Path | None = Field(
        None, description="a file for the key that seals the audit; else audit.key in DATA"
    )
    log_level: LevelName | None = Field(None, description="debug, info, warning or error")
    log_json: bool = Field(False, description="true or false")

    @model_validator(mode="before")
    @classmethod
    def _read_token(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Take the token from its file: an environment is shown by more programs than a file."""
        name = values.get("telegram_token_file")
        if not name:
            return values
        if values.get("telegram_token"):
            raise ValueError(
                "PINCITE_TELEGRAM_TOKEN and PINCITE_TELEGRAM_TOKEN_FILE are both set;"
                " expected one of them"
            )
        try:
            token = Path(name).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(
                f"PINCITE_TELEGRAM_TOKEN_FILE is {str(name)!r}; expected a file that can be read"
                f" ({getattr(error, 'strerror', None) or 'it is no text'})"
            ) from None
        return values | {"telegram_token": token}

    @model_validator(mode="after")
    def _complete(self) -> Settings:
        if self.index == "milvus" and self.milvus_uri is None:
            raise ValueError("PINCITE_INDEX is 'milvus'; expected PINCITE_MILVUS_URI to be set too")
        return self

    @property
    def depth_of_meaning(self) -> Literal["off", "light", "deep"]:
        """What `meaning` and, of an earlier version, `semantic` ask for together."""
        return "deep" if self.semantic else self.meaning

    @property
    def max_bytes(self) -> int:
        """The largest size of a file, in bytes."""
        return self.max_file_mb * 1024 * 1024


def read_settings(data: Path | None = None) -> Settings:
    """Read the environment and `.env`; the argument `data` overrides both. Raises SettingsError."""
    overrides: dict[str, Any] = {} if data is None else {"data": data}
    try:
        _check_lines()
        return Settings(**overrides)
    except ValidationError as error:
        # A union reports one error for each of its types; the same line is printed once.
        lines = (_error_line(detail["loc"], detail) for detail in error.errors())
        raise SettingsError("\n".join(dict.fromkeys(lines))) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{ENV_FILE} cannot be read: {error}; expected a text file in UTF-8"
        ) from None


def _check_lines() -> None:
    """Check that `.env` can be parsed. The library skips bad lines. Raises SettingsError."""
    file = Path(ENV_FILE)
    if not file.is_file():
        return
    with file.open(encoding="utf-8") as lines:
        for binding in parse_stream(lines):
            if binding.error:
                line = binding.original.line
                raise SettingsError(f"{ENV_FILE}, line {line}: expected NAME=value, or # a comment")


def unknown_settings() -> tuple[str, ...]:
    """The `PINCITE_*` names in the environment and `.env` that are no settings, sorted."""
    valid = {setting_name(field) for field in Settings.model_fields}
    # A misspelt name would else be ignored in silence.
    present = {name.upper() for name in (*os.environ, *dotenv_values(ENV_FILE))}
    return tuple(sorted(name for name in present - valid if name.startswith(PREFIX)))


def setting_name(field: str) -> str:
    """`data` -> `PINCITE_DATA`."""
    return f"{PREFIX}{field.upper()}"


def _error_line(location: tuple[int | str, ...], detail: Any) -> str:
    if not location:  # an error of the whole, such as a setting that needs another one
        return str(detail["ctx"]["error"])
    field = str(location[0])
    info = Settings.model_fields[field]
    secret = "SecretStr" in str(info.annotation)
    value = "(not shown)" if secret else f"is {_raw_value(field, detail['input'])!r}"
    return f"{setting_name(field)} {value}; expected {info.description}"


def _raw_value(field: str, fallback: object) -> str:
    """The value as the operator wrote it. Pydantic reports only the part that failed."""
    raw = {name.upper(): value for name, value in dotenv_values(ENV_FILE).items()}
    raw |= {name.upper(): value for name, value in os.environ.items()}
    return str(raw.get(setting_name(field)) or fallback)
