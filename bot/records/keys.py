"""Keys that the data of buttons, links and keyboards carry: random, so that none can be guessed.

A counter would tell everybody who presses a button how much others ask, and would name their rows.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Final

BUTTON_KEY: Final = "[A-Za-z0-9_-]{12}"
"""What a key looks like, as a regular expression."""
# 72 bits for what is checked against its chat and message too, 132 for what opens by itself.
_BUTTON_BYTES: Final = 9
_LINK_BYTES: Final = 18


def button_key() -> str:
    """A key for the data of buttons, which hold 64 bytes at most."""
    return _url_safe(_BUTTON_BYTES)


def link_key() -> str:
    """A key for a link, which opens something to whoever has it."""
    return _url_safe(_LINK_BYTES)


def digest_of_key(key: str) -> str:
    """What is stored of the key of a link: whoever reads the database cannot use it."""
    return hashlib.sha256(f"link {key}".encode()).hexdigest()


def _url_safe(count: int) -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(count)).decode()
