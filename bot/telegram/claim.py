"""The first owner's code: logged once at start, guessed at five times at most."""

from __future__ import annotations

import hashlib
import secrets
import threading
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from bot.compose import is_clustered

if TYPE_CHECKING:
    from bot.records.access import Access
    from bot.settings import Settings

TRIES: Final = 5
_BYTES: Final = 16

ClaimOutcome: TypeAlias = Literal["claimed", "wrong", "locked", "closed"]


def code_for(settings: Settings) -> str | None:
    """One that every process tells and knows, where several serve; else None: one at random."""
    if not is_clustered(settings) or settings.telegram_token is None:
        return None
    token = settings.telegram_token.get_secret_value()
    return hashlib.sha256(f"claim of {token}".encode()).hexdigest()[: 2 * _BYTES]


class Claim:
    """Whether the bot may still be claimed, and with what code."""

    def __init__(self, access: Access, code: str | None = None) -> None:
        self.code = code or secrets.token_hex(_BYTES)
        self._access = access
        self._wrong = 0
        self._one_at_a_time = threading.Lock()

    def is_open(self) -> bool:
        """Whether nobody owns the bot yet."""
        return not self._access.owners()

    def try_code(self, person_id: int, code: str) -> ClaimOutcome:
        """Make the person the owner if the code is right; blocks on the database."""
        with self._one_at_a_time:
            if not self.is_open():
                return "closed"
            if self._wrong >= TRIES:
                return "locked"
            if not secrets.compare_digest(code.encode(), self.code.encode()):
                self._wrong += 1
                return "locked" if self._wrong >= TRIES else "wrong"
            return "claimed" if self._access.own(person_id) else "closed"
