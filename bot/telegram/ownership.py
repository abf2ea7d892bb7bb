"""The bot's first owner: whoever sends the code that the log shows at the first start."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import Counter
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from bot.compose import is_clustered
from bot.records.access import OPERATOR, Actor

if TYPE_CHECKING:
    from bot.records.access import Access
    from bot.settings import Settings

# 128 random bits cannot be guessed; the limit ends attempts that only fill the log.
CLAIM_TRIES: Final = 5
_MOST_CLAIMANTS: Final = 10_000
_CODE_BYTES: Final = 16

ClaimOutcome: TypeAlias = Literal["claimed", "wrong", "locked", "closed"]


class OwnershipClaim:
    """Whether the bot may still be claimed, and the code for it, which the log shows at start."""

    def __init__(self, access: Access, code: str | None = None) -> None:
        self.code = code or secrets.token_hex(_CODE_BYTES)
        self._access = access
        self._wrong_codes: Counter[int] = Counter()
        self._lock = threading.Lock()

    def is_open(self) -> bool:
        """Whether the bot has no owner yet."""
        return not self._access.owners()

    def try_code(self, person_id: int, code: str, by: Actor = OPERATOR) -> ClaimOutcome:
        """Make the person the owner if the code is right. Blocks on the database."""
        # Two claims at once must not both count as the last try.
        with self._lock:
            if not self.is_open():
                return "closed"
            tries = self._wrong_codes[person_id]
            if tries >= CLAIM_TRIES:
                return "locked"
            # Compared in constant time, so that answers' timing tells nothing of the code.
            if not secrets.compare_digest(code.encode(), self.code.encode()):
                # Counted for each person, or five messages of a stranger lock the owner out.
                if len(self._wrong_codes) > _MOST_CLAIMANTS:
                    self._wrong_codes.clear()
                self._wrong_codes[person_id] = tries + 1
                return "locked" if tries + 1 >= CLAIM_TRIES else "wrong"
            return "claimed" if self._access.make_first_owner(person_id, by) else "closed"


def shared_claim_code(settings: Settings) -> str | None:
    """The code that all processes share, where several serve one bot; else None, for a random one.

    Whichever process receives `/claim` has to know it, so it is derived from the bot's token.
    """
    if not is_clustered(settings) or settings.telegram_token is None:
        return None
    token = settings.telegram_token.get_secret_value()
    return hashlib.sha256(f"claim of {token}".encode()).hexdigest()[: 2 * _CODE_BYTES]
