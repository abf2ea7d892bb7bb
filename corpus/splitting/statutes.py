"""Is this the text of a law or a contract, and where do its articles begin?

Decided by structure: several lines in ascending order that open with an article's number. A
mention in running text (`第三十六條規定`, `Article 36 of the Law`) opens nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.language.numerals import HAN_ORDINAL, parse_number, parse_roman

_OPENING = re.compile(
    rf"""[#*_\s]*(?P<label>
      第\s?(?P<han>[{HAN_ORDINAL}]+|\d+)(?:\s?[-－–]\s?(?P<dash>\d+))?\s?[條条](?:\s?之\s?(?P<of>[{HAN_ORDINAL}]+|\d+))?
        (?=[\s【（(［\[：:*_]|\Z|(?!(?:[的之所至到和及與与或、，,；;。）)第前中]|規定|规定|明[文定]|修正)))
      |(?:(?:Article|Section|Clause|Rule|ARTICLE|SECTION)\s|(?:Art|Sec)\.\s?|§\s?)
        (?P<latin>\d+|[IVXLC]+\b)(?:[-.](?P<part>\d+)|(?P<letter>[A-Za-z])\b)?
        (?=[.:—–-]?(?:\s*\Z|[.:—–\s*_-]+[^a-z\s,;)]))
    )""",
    re.VERBOSE,
)
_FEWEST = 3  # two lines may be chance; three in order are a text by articles
_WIDEST_GAP = 200  # excerpts leave articles out, but a leap further than this is a mention


def find_articles(text: str, line_spans: Iterable[tuple[int, int]]) -> dict[int, str]:
    """The offset of each line that opens an article, with the article's name as the text has it.

    Empty if the text is not arranged by articles.
    """
    articles: dict[int, str] = {}
    last = (0, 0)
    restarts = 0
    for start, end in line_spans:
        match = _OPENING.match(text[start : min(end, start + 60)])
        if not match:
            continue
        number = _number(match)
        follows = last < number and (not articles or number[0] - last[0] <= _WIDEST_GAP)
        if not follows and number[0] != 1:
            continue
        restarts += not follows
        articles[start] = " ".join(match["label"].split())
        last = number
    # Lists that begin again and again at 1 are something else, such as a table of contents of many.
    return articles if len(articles) - 2 * restarts >= _FEWEST else {}


def _number(match: re.Match[str]) -> tuple[int, int]:
    main = match["han"] or match["latin"]
    sub = match["dash"] or match["of"] or match["part"]
    if match["letter"]:
        return _value(main), ord(match["letter"].lower()) - ord("a") + 1
    return _value(main), _value(sub) if sub else 0


def _value(numeral: str) -> int:
    """Read an Arabic, Roman or Chinese numeral: `36`, `XXXVI`, `三十六`, `三六`."""
    return parse_number(numeral) or parse_roman(numeral) or 0
