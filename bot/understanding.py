"""What does a line mean that a person writes: a question, 'more', a number, a citation id, thanks?

The console, piped input and Telegram understand it here and nowhere else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from corpus.citing.ids import CitationId, parse_citation
from corpus.errors import MalformedCitation
from index.query.asking import find_asking, is_greeting
from index.text.normalize import fold_term

if TYPE_CHECKING:
    from index.answer import Answer

UtteranceKind: TypeAlias = Literal["question", "more", "number", "citation", "thanks", "greeting"]

FOLLOWS_WITHIN: Final = timedelta(minutes=10)
"""How long after an answer a chat goes on from it without the gesture of a reply."""
LONGEST_EARLIER: Final = 500
"""Characters of an earlier question that the next one may lean on."""
LONGEST_COMMAND: Final = 40
"""Characters of 'more' or of a number with its words; whatever is longer is a question."""

_MORE: Final = re.compile(
    r"(?:(?:show|give|tell)(?: me)? )?(?:some )?more(?: "
    r"please| results?| passages?| of (?:them|it))?"
    r"|(?:the )?(?:next|following) (?:ones?|page"
    r"|passages?|results?)|go on|continue|what else|any more"
    r"|更多(?:结果|段落)?|还有(?:别的|其他的?|其它的?|更多)?(?:吗|呢)?|继续|下一页|往下|多啲|仲有冇|仲有"
)
_NUMBER: Final = re.compile(
    r"(?:(?:please )?(?:open|show|read|see)(?: me)?(?: the)? ?|打开|看看?|显示)?"
    r"(?:#|no\.? ?|number |passage |result )?(\d{1,3})[.)]?"
    r"|(?:打开|看看?|显示)?第(\d{1,3}|[一二三四五六七八九十])(?:个|段|则|篇|份|条结果|个结果|段话)"
)
_NUMERALS: Final = "一二三四五六七八九十"
_THANKS: Final = re.compile(
    r"than[kx]|\bthx\b|\bty\b|\btks\b|cheers|appreciate|谢|感恩|辛苦|唔该|多谢"
    r"|^(?:ok(?:ay)?|k|kk|great|good(?! (?:morning|afternoon|evening|night|day))|nice|cool"
    r"|perfect|awesome|excellent|wonderful|got it|i see"
    r"|understood|noted|right|alright|all right|will do|done|fine|sure|yes|yep|yeah|yup|wow|lol"
    r"|好的?|好了|好好?好?|行|可以|没问题|冇问题|收到|明白了?|知道了?|了解了?|懂了?|原来如此|嗯+|对的?"
    r"|不客气|没关系|不错|很好|太好了|太棒了|真棒|棒|赞|厉害|you(?:'re| are) welcome|no problem"
    r"|no worries|np|never ?mind|that'?s all)\b"
)


@dataclass(frozen=True, slots=True)
class Utterance:
    """What a line asks for. `number`: that of a passage of the last answer, from 1."""

    kind: UtteranceKind
    text: str
    number: int = 0
    citation: CitationId | None = None


def understand(line: str, *, follows: bool = False) -> Utterance:
    """What a line means; `follows`: it may speak of an answer just before it.

    A terminal says so of every line, since nothing but the talk stands there.

    A citation id may be none: many file numbers look like one. Where no passage has it, the line is
    a question.
    """
    text = line.strip()
    try:
        return Utterance("citation", text, citation=parse_citation(text))
    except MalformedCitation:
        pass
    if follows and len(text) <= LONGEST_COMMAND:
        spoken = _spoken(text)
        if _MORE.fullmatch(spoken):
            return Utterance("more", text)
        if numbered := _NUMBER.fullmatch(spoken):
            return Utterance("number", text, number=_value(numbered[1] or numbered[2]))
    if _is_signs(text):
        return Utterance("thanks", text)
    if is_greeting(text):
        return Utterance("thanks" if _THANKS.search(_spoken(text)) else "greeting", text)
    return Utterance("question", text)


def is_asking(text: str) -> bool:
    """Whether words that go with a file ask something, and are no mere name for it."""
    return "?" in text or "？" in text or bool(find_asking(fold_term(text)))


def topic_of(answer: Answer) -> str:
    """The topic that a follow-up question goes on from."""
    return topic(answer.question, answer.understood_as)


def topic(question: str, understood_as: str | None) -> str:
    """What a question was understood as, for the question that follows it.

    A chain of follow-ups makes that longer each time; past LONGEST_EARLIER the question itself is
    the topic.
    """
    understood = understood_as or ""
    return understood if 0 < len(understood) <= LONGEST_EARLIER else question


def _spoken(text: str) -> str:
    """The folded words of a short line, without the signs around them."""
    folded = " ".join(fold_term(unicodedata.normalize("NFKC", text)).split())
    return folded.strip(" !?.。！？,，~～…")


def _value(number: str) -> int:
    return _NUMERALS.index(number) + 1 if number in _NUMERALS else int(number)


def _is_signs(text: str) -> bool:
    """Whether a text is emoji alone: it holds no word, and more than dots and dashes."""
    return (
        bool(text)
        and len(text) <= LONGEST_COMMAND
        and not any(character.isalnum() for character in text)
        and any(unicodedata.category(character) in ("So", "Sk") for character in text)
    )
