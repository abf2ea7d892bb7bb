"""Who may read what, and until when?

Telegram's `initData` names a person, and a signed key carries what that person was let in for: one
document, for an hour. A key is no permission by itself. Each request asks the database anew whether
the person, or the chat, may see the document, so that a dismissal or a wall ends every key at once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from corpus.models import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.records.access import Access

LASTS: Final = 3600
"""Seconds after which a key, and Telegram's data, are too old."""
# Telegram's clock and ours may differ; more than a minute is a forged date.
_CLOCKS_APART: Final = 60
# Bounds on what is hashed and parsed before anything about the visitor is known.
_LONGEST_KEY: Final = 400
_LONGEST_DATA: Final = 8192
_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SECONDS: Final = re.compile(r"[0-9]{1,12}", re.ASCII)
# The largest whole number that JSON carries without loss.
_FOREVER: Final = 1 << 53


class NoLeave(Exception):
    """It does not exist, or this visitor may not see it; which of both, nobody is told."""


@dataclass(frozen=True, slots=True)
class Leave:
    """What a key was given for."""

    document_id: str
    """Empty for the owner on their own machine, who may open every document."""
    expires: int
    """Seconds since 1970."""
    person_id: int | None = None
    chat_id: int | None = None
    """The chat through which it may be seen; None where the person may see it themselves."""
    thread_id: int = 0

    @property
    def is_local(self) -> bool:
        """Whether it is the owner's, at the command line."""
        return not self.document_id

    def covers(self, document_id: str) -> bool:
        """Whether it was given for a document."""
        return self.is_local or self.document_id == document_id


class LeaveKeys:
    """Signs leaves into keys and reads them; every machine with the same secret reads alike.

    `clock` tells the seconds since 1970.
    """

    def __init__(
        self, secret: bytes, clock: Callable[[], float] = time.time, *, is_local: bool = False
    ) -> None:
        self._secret = secret
        self.clock = clock
        self._is_local = is_local

    @classmethod
    def of_token(cls, token: str, clock: Callable[[], float] = time.time) -> LeaveKeys:
        """Keys that every machine with this bot's token can read."""
        # Derived, so that a key that leaks says nothing of the token.
        return cls(hmac.digest(token.encode(), b"keys of the reader", "sha256"), clock)

    @classmethod
    def of_this_process(cls) -> LeaveKeys:
        """Keys that end with this process."""
        return cls(secrets.token_bytes(32), is_local=True)

    def local(self) -> str:
        """The key of the owner at the command line: it lasts as long as the process."""
        return self.sign(Leave("", _FOREVER))

    def grant(
        self,
        document_id: str,
        *,
        person_id: int | None,
        chat_id: int | None = None,
        thread_id: int = 0,
    ) -> str:
        """A key to one document, for an hour."""
        assert document_id
        assert person_id or chat_id
        expires = int(self.clock()) + LASTS
        return self.sign(Leave(document_id, expires, person_id, chat_id, thread_id))

    def sign(self, leave: Leave) -> str:
        """The key of a leave."""
        fields = [
            leave.document_id,
            leave.expires,
            leave.person_id,
            leave.chat_id,
            leave.thread_id,
        ]
        payload = _encoded(json.dumps(fields, separators=(",", ":")).encode())
        return f"{payload}.{self._signature(payload)}"

    def read(self, key: str) -> Leave | None:
        """The leave of a key; None where it is not ours, or too old."""
        payload, _, signature = key[: _LONGEST_KEY + 1].partition(".")
        # Both as text: base64 spells some bytes in several ways, and only ours is good.
        expected = self._signature(payload)
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            return None
        leave = Leave(*json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))
        # A key to everything is only good where it was made: on the owner's own machine.
        is_good = leave.expires > self.clock() and (self._is_local or not leave.is_local)
        return leave if is_good else None

    def _signature(self, payload: str) -> str:
        return _encoded(hmac.digest(self._secret, payload.encode("utf-8", "replace"), "sha256"))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


@dataclass(frozen=True, slots=True)
class TelegramVisitor:
    """The person whom Telegram names."""

    person_id: int
    language: str | None
    start: str
    """The payload of the link that opened the app."""


def read_init_data(
    data: str, token: str, clock: Callable[[], float] = time.time
) -> TelegramVisitor | None:
    """The person named by a Mini App's `initData`; None where it is not this bot's, or too old.

    https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
    """
    fields = _fields(data)
    claimed = fields.pop("hash", "")
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.digest(b"WebAppData", token.encode(), "sha256")
    expected = hmac.new(secret, lines.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), claimed.encode("utf-8", "replace")):
        return None
    issued = fields.get("auth_date", "")
    if not _HASH.fullmatch(claimed) or not _SECONDS.fullmatch(issued):
        return None
    if not -_CLOCKS_APART <= clock() - int(issued) <= LASTS:
        return None
    return _visitor(fields)


def _fields(data: str) -> dict[str, str]:
    """The fields of a query string; none where one stands twice, or where it is far too long."""
    if len(data) > _LONGEST_DATA:
        return {}
    try:
        pairs = parse_qsl(data, keep_blank_values=True, max_num_fields=64)
    except ValueError:
        return {}
    fields = dict(pairs)
    # Of two fields of one name, Telegram may have signed one and we might read the other.
    return fields if len(fields) == len(pairs) else {}


def _visitor(fields: dict[str, str]) -> TelegramVisitor | None:
    try:
        user: Any = json.loads(fields.get("user", ""))
    except ValueError:
        return None
    person_id = user.get("id") if isinstance(user, dict) else None
    # In Python True is an int, and would be person 1.
    if not isinstance(person_id, int) or isinstance(person_id, bool) or person_id <= 0:
        return None
    code = user.get("language_code")
    language = code if isinstance(code, str) else None
    return TelegramVisitor(person_id, language, fields.get("start_param", ""))


def scope_of(leave: Leave, access: Access | None) -> Scope:
    """The matters through which a leave may be used now. Blocks on the database."""
    if leave.is_local:
        return Scope.all()
    if access is None:
        return Scope.of()
    if leave.chat_id is not None:
        return access.scope_of_chat(leave.chat_id, leave.thread_id)
    return access.scope_of_person(leave.person_id) if leave.person_id else Scope.of()
