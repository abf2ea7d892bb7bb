"""What people read of a refusal, so that a test checks the code and its facts by their sentence."""

from __future__ import annotations

from bot.texts.reason_sentences import english_sentence
from corpus.errors import UnreadableFile
from corpus.reasons import Reason


def sentence(refusal: UnreadableFile | Reason | None) -> str:
    """The English sentence of a refusal; '' for none."""
    reason = refusal.reason if isinstance(refusal, UnreadableFile) else refusal
    return english_sentence(reason) if reason else ""


def other(message: str) -> Reason:
    """A reason that says what it is told."""
    return Reason("other", {"message": message})
