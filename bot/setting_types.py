"""The types of the settings: text that an operator writes is checked and turned into values.

A value of the wrong form raises ValueError. The field's description says what was expected.
"""

from __future__ import annotations

import json
import re
import socket
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, PositiveInt, SecretStr, StringConstraints
from pydantic_settings import NoDecode

from corpus.matters import spell

Language: TypeAlias = Literal["en", "zh-Hans", "zh-Hant"]
LogLevel: TypeAlias = Literal["debug", "info", "warning", "error"]

_LANGUAGES = {
    "en": "en",
    # A plain `zh` is mostly a mainland system's.
    **dict.fromkeys(("zh", "zh-hans", "zh-cn", "zh-sg"), "zh-Hans"),
    **dict.fromkeys(("zh-hant", "zh-tw", "zh-hk", "zh-mo"), "zh-Hant"),
}
# Looser than BotFather's present form, so that a longer token of the future is taken too.
_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{20,}", re.ASCII)
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_DATABASE_URL = re.compile(r"(sqlite|postgresql)(\+[a-z0-9_]+)?://.*", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Address:
    """An address to listen on: `host:port`, or `[host]:port` for IPv6."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def listening_socket_family(host: str) -> socket.AddressFamily:
    """IPv6 where the host is written so."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _language(value: object) -> object:
    return _LANGUAGES.get(str(value).replace("_", "-").lower(), value)


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _people(value: object) -> object:
    """User ids separated by commas, or a JSON list."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.startswith("["):
        return json.loads(text)
    return [user_id for user_id in text.split(",") if user_id.strip()]


def _matters(value: object) -> object:
    """Names of matters separated by commas, in their stored spelling."""
    if not isinstance(value, str):
        return value
    return [spell(name) for name in value.split(",") if name.strip()]


def _address(value: object) -> object:
    if not isinstance(value, str):
        return value
    # With `//`, urlsplit reads host and port, IPv6 in brackets too.
    parts = urlsplit(f"//{value}")
    if not parts.hostname or parts.port is None or parts.path:
        raise ValueError
    return Address(parts.hostname, parts.port)


def _secret_form(form: re.Pattern[str]) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not form.fullmatch(value.get_secret_value()):
            raise ValueError
        return value

    return AfterValidator(check)


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in value:
        raise ValueError
    return value


def _webhook_address(value: str) -> str:
    """Telegram calls https only. Plain http is allowed for a proxy or a test on this machine."""
    parts = urlsplit(_web_address(value))
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise ValueError
    return value


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


LanguageName: TypeAlias = Annotated[Language, BeforeValidator(_language)]
LevelName: TypeAlias = Annotated[LogLevel, BeforeValidator(_lower)]
People: TypeAlias = Annotated[frozenset[PositiveInt], NoDecode, BeforeValidator(_people)]
Listen: TypeAlias = Annotated[Address, NoDecode, BeforeValidator(_address)]
WebAddress: TypeAlias = Annotated[str, AfterValidator(_web_address)]
WebhookAddress: TypeAlias = Annotated[str, AfterValidator(_webhook_address)]
AppName: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{3,30}$")]
MatterName: TypeAlias = Annotated[str, AfterValidator(spell)]
MatterNames: TypeAlias = Annotated[frozenset[str], NoDecode, BeforeValidator(_matters)]
BotToken: TypeAlias = Annotated[SecretStr, _secret_form(_TOKEN)]
WebhookSecret: TypeAlias = Annotated[SecretStr, _secret_form(_WEBHOOK_SECRET)]
DatabaseUrl: TypeAlias = Annotated[SecretStr, _secret_form(_DATABASE_URL)]
