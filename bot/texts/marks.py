"""The mark of plain texts, which the tests of all texts read."""

from __future__ import annotations

from typing import Final

PLAIN: Final = {"plain": True}
"""Marks a text without markup: Telegram shows it as it is."""
