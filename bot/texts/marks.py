"""How a text is marked for the tests that look at all of them."""

from __future__ import annotations

from typing import Final

PLAIN: Final = {"plain": True}
"""Marks the texts that Telegram shows as they are: no markup in them."""
