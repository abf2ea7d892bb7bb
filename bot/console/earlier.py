"""What a question in the console may lean on: the one before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from index.answer import Answer

LONGEST_EARLIER: Final = 500
"""Characters; question upon question is no longer gone on from."""


def about(answer: Answer) -> str:
    """What an answered question was about, for the next one to go on from.

    What it was understood as, unless question upon question has made that too long.
    """
    understood = answer.understood_as or ""
    return understood if 0 < len(understood) <= LONGEST_EARLIER else answer.question
