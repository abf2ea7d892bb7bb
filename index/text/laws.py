"""Articles of laws as one term: 《劳动合同法》第三十六条 -> `law:劳动合同法:36`.

A question that names a law and an article asks for one passage; its words alone would find other
laws' articles of that number, and other articles that mention it. Expects folded text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.language.numerals import parse_number
from corpus.language.scripts import HAN
from index.text.normalize import fold
from index.text.numerals import HAN_NUMBER, CanonicalTerm

CITED = "law:"
"""Prefix of the terms."""

_KINDS = "法|典|条例|规定|规则|办法|细则|解释|决定|通则|纲要|修正案"
_LONGEST = 60
_EDITION = r"(?:\([^()]{1,20}\))?"
_CITED = re.compile(
    rf"(?:《(?P<quoted>[^《》\n]{{2,{_LONGEST}}})》|(?<![{HAN}])(?P<bare>[{HAN}]{{1,{_LONGEST}}}(?:{_KINDS})))"
    rf"{_EDITION}\s?第\s?(?P<n>\d{{1,5}}|{HAN_NUMBER}{{1,8}})\s?条"
    rf"(?:之(?P<branch>\d{{1,2}}|{HAN_NUMBER}{{1,3}}))?"
)
_LEADING_IN = re.compile(r".*(?:根据|依据|依照|按照|违反|参照|请问|什么是)(?=.{2})")
_ISSUER = re.compile(
    r"^(?:中华人民共和国|最高人民法院|最高人民检察院|国务院|我国|中国|现行|关于|[、和与])+(?=.{2})"
)
# A book of a code that is a document of its own is cited by the code's name.
_BOOK = rf"(?:·[{HAN}]{{1,10}})?"
_TITLE = re.compile(
    rf"[《]?(?P<name>[{HAN}]{{1,{_LONGEST}}}(?:{_KINDS})){_BOOK}(?:{_EDITION}){{0,2}}[》]?"
)


def cited(text: str) -> Iterator[CanonicalTerm]:
    """Each article cited with its law's name: its span and its term."""
    if "条" not in text:  # most passages cite none
        return
    for match in _CITED.finditer(text):
        value = parse_number(match["n"])
        if value:
            branch = parse_number(match["branch"]) if match["branch"] else None
            name = match["quoted"] or _LEADING_IN.sub("", match["bare"])
            suffix = f"-{branch}" if branch else ""
            yield match.start(), match.end(), f"{CITED}{_short(name)}:{value}{suffix}"


def titled(title: str, pin: str) -> str:
    """The citation that a passage itself is, folded: `pin` of the law that `title` names."""
    law = _TITLE.fullmatch(fold(title).text.strip())
    return f"《{law['name']}》{fold(pin).text}" if law else ""


def work(title: str) -> str:
    """The law whose article a title names, as people cite it; else the title."""
    for _, _, term in cited(fold(title).text):
        return term.removeprefix(CITED).rpartition(":")[0]
    return title


def _short(name: str) -> str:
    """A law's name without issuer, edition and signs, as people cite it."""
    return _ISSUER.sub("", re.sub(rf"\([^()]*\)|[^{HAN}]", "", name))
