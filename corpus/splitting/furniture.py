"""Which paragraphs are not the document's words, and which belong to a neighbour?

Tables of contents, rules and the stamps of court registries are nobody's words: they are in no
passage. Title lines are not counted as paragraphs. A representative belongs to the party above.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.language.lengths import weight
from corpus.language.scripts import HAN

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from corpus.models import DocumentKind
    from corpus.splitting.paragraphs import Paragraph

_LEADERS = re.compile(
    r"(?<!\.)(?<!\.\s)(?:\.\s?){4,}\s{0,40}[\divxlc]{0,20}\Z"
    r"|(?<![…·‥])[…·‥]{2,}\s{0,40}[\divxlc]{1,20}\Z",
    re.MULTILINE,
)
_RULE = re.compile(r"[-‐-―─━═_=~.·…*\s\u200b\ufeff]+")
_STAMP = re.compile(
    r"(?:USCA\d?\s|USDC\s)?(?:Appellate )?Case:?\s[^\n]{3,60}?\bDocument\b[^\n]{0,120}?"
    r"\b(?:Page|Filed|Pages)[^\n]{0,60}|Case:[^\n]{3,60}DktEntry[^\n]{0,60}",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.DOTALL)
_FEWEST_ENTRIES = 3
_HEAVIEST_ENTRY = 400
_LONGEST_ENTRY = 300  # looked at, so that a line of a million dots costs no square
_SENTENCE = re.compile(r"[。；，,;!?！？]|[a-z]\.\Z")
_CONTENTS = re.compile(
    r"[#*_\s]{0,60}(?:(?:table of )?contents|index|目\s{0,9}[录錄次])\s{0,9}:?[*_]{0,4}",
    re.IGNORECASE,
)
_PAGED = re.compile(r"\S\t{1,9}(?:page )?(?:\d{1,4}|[ivxl]{1,6})\Z", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"(?<![\s.…·])[\s.…·]*\d{0,20}\Z")
_TITLE_LINES = 12
_HEAVIEST_TITLE = 300
# A docket number opens with a bracket, and is no list's item.
_DOCKET = re.compile(
    rf"[（(〔\[](?:19|20)\d\d[）)〕\]][{HAN}\d]{{2,24}}[号號](?:之[一二三四五六\d]+)?\Z"
)
_NO_TITLE = re.compile(
    r"[。！？；，：:;]|[.!?][\"”’)]*\Z|\A\W*(?:\d{1,3}[.、．]|\[\d|[（(]|[一二三四五六七八九十壹]{1,3}、|•)"
    r"|\A(?:被\s*告|原\s*告|上訴人|上诉人|甲\s*方|乙\s*方)"
)
_NAMED = (
    r"法定代表人|法定代理人|代表人|负责人|負責人|经营者|委托诉讼代理人|委托代理人|委託代理人|訴訟代理人|诉讼代理人"
    r"|共同訴訟代理人|複代理人|复代理人|辩护人|辯護人|指定辩护人|委托辩护人|選任辯護人|指定辯護人|送達代收人"
    r"|诉讼代表人|輔佐人|监护人|共同"
)
_ADDRESS_LINES = 25
_LABELS = (
    r"[*_]{0,10}(?:to|from|date|sent|re|subject|cc|client|matter|file|attention|致|自|由|日期|主题|主題|主旨|事由"
    r"|关于|發文|受文者|收件人|寄件人|发件人)[*_]{0,10}\s?[:：]"
)
_GREETING = r"dear\b|to whom it may concern|(?:ladies and )?gentlemen|尊敬的|敬启者|敬啟者"
_LAST_OF_HEAD = {
    "letter": re.compile(rf"(?:{_LABELS}|{_GREETING})", re.IGNORECASE),
    "memorandum": re.compile(_LABELS, re.IGNORECASE),
    "news": re.compile(
        r"(?:来源|來源|作者|记者|記者|发布|發布|source|by)\b.{0,80}\Z|(?:来源|來源)[：:]",
        re.IGNORECASE,
    ),
}
_REPRESENTATIVE = re.compile(rf"(?:{_NAMED})[（(]?")
_SAYS = re.compile("认为|認為|辩称|辯稱|提出|主张|主張|答辩")
_BLANKS = re.compile(r"\s+")
_CAPTION_LINES = 60
_HEAVIEST_PARTY = 750  # 150 Han characters: what is longer tells a story
_COUNSEL = re.compile(
    r"\(?(?:instructed by|for the (?:appellant|respondent|claimant|defendant)s?\b)"
    r"|attorneys? for\b",
    re.IGNORECASE,
)


def find_furniture(
    text: str, paragraphs: Sequence[Paragraph], headings: Collection[int]
) -> frozenset[int]:
    """The numbers of paragraphs that belong in no passage.

    Nothing is skipped where nothing else would be left.
    """
    skipped = {
        number
        for number, part in enumerate(paragraphs)
        if number not in headings and _is_furniture(text[part.start : part.end])
    }
    skipped |= _contents(text, paragraphs)
    return frozenset(skipped) if len(skipped) < len(paragraphs) else frozenset()


def _is_furniture(words: str) -> bool:
    if len(words) > 2 and _RULE.fullmatch(words):
        return True
    if (
        len(words) < _LONGEST_ENTRY
        and words.startswith("<!--")
        and not _COMMENT.sub("", words).strip()
    ):
        return True
    lines = words.splitlines()
    if len(lines) == 1 and len(words) < _HEAVIEST_TITLE and _STAMP.fullmatch(words):
        return True
    if not any(mark in words for mark in "….·‥"):
        return False
    entries = sum(bool(_LEADERS.search(line[-_LONGEST_ENTRY:])) for line in lines)
    return 2 * entries > len(lines)


def _contents(text: str, paragraphs: Sequence[Paragraph]) -> set[int]:
    """The lines of a table of contents: each says what a later line of its own says again."""
    keys = [_key(text[part.start : min(part.end, part.start + 200)]) for part in paragraphs]
    last = {key: number for number, key in enumerate(keys) if key}
    contents: set[int] = set()
    run: list[int] = []
    listed = False
    for number, key in enumerate([*keys, ""]):
        entry = (
            text[paragraphs[number].start : paragraphs[number].end][-_LONGEST_ENTRY:] if key else ""
        )
        listed = listed and bool(key) and bool(_PAGED.search(entry))
        listed = listed or bool(_CONTENTS.fullmatch(entry))
        if listed and _PAGED.search(entry):
            contents.add(number)  # its words may stand on two lines further down
            continue
        again = bool(key) and last[key] > number + 1
        if (
            again
            and weight(text[paragraphs[number].start : paragraphs[number].end]) < _HEAVIEST_ENTRY
        ):
            run.append(number)
            continue
        # Lines that recur among each other, as in a form, are no contents.
        ends = [last[keys[at]] for at in run]
        if len(run) >= _FEWEST_ENTRIES and ends == sorted(set(ends)) and ends[0] > run[-1]:
            contents.update(run)
        run = []
    return contents


def _key(words: str) -> str:
    """A line's words without white space and page number; empty for what is no entry."""
    bare = _BLANKS.sub("", _PAGE_NUMBER.sub("", words))
    return bare.casefold() if len(bare) > 2 and not _SENTENCE.search(words) else ""


def find_title_lines(
    text: str, paragraphs: Sequence[Paragraph], articles: Collection[int]
) -> frozenset[int]:
    """The short lines at the head that are no sentences: court, kind of decision, number, title."""
    lines: list[int] = []
    for number, part in enumerate(paragraphs[: _TITLE_LINES + 1]):
        words = text[part.start : part.end]
        heavy = weight(words[:_HEAVIEST_TITLE]) > _HEAVIEST_TITLE
        if _DOCKET.fullmatch(words):
            lines.append(number)
            continue
        if part.start in articles or heavy or _NO_TITLE.search(words):
            return frozenset(lines)
        lines.append(number)
    # So many short lines are a list, which has no more title than its first one.
    return frozenset(lines[:1])


def find_address_lines(
    text: str, paragraphs: Sequence[Paragraph], kind: DocumentKind | None
) -> frozenset[int]:
    """What stands above a letter's, a memorandum's or a report's first words, and is not counted.

    The sender's and the reader's addresses, the greeting, `To:` and `Re:`, a report's sources.
    """
    form = _LAST_OF_HEAD.get(kind or "")
    if not form:
        return frozenset()
    last = -1
    for number, part in enumerate(paragraphs[:_ADDRESS_LINES]):
        words = text[part.start : part.end]
        if form.match(words):
            last = number
        elif weight(words[:_HEAVIEST_TITLE]) >= _HEAVIEST_TITLE:
            break
    return frozenset(range(last + 1))


def find_representatives(text: str, paragraphs: Sequence[Paragraph]) -> frozenset[int]:
    """The lines of a judgment's head that name who represents the party above them."""
    belonging: set[int] = set()
    party = False
    for number, part in enumerate(paragraphs[:_CAPTION_LINES]):
        words = text[part.start : part.end]
        short = weight(words[:_HEAVIEST_PARTY]) < _HEAVIEST_PARTY
        bare = _BLANKS.sub("", words[:40])
        if number and short and _is_representative(bare, words, party=party):
            belonging.add(number)
        party = short
    return frozenset(belonging)


def _is_representative(bare: str, words: str, *, party: bool) -> bool:
    if _REPRESENTATIVE.match(bare):
        return not _SAYS.search(words)
    return party and bool(_COUNSEL.search(words[:200])) and len(words) < 200
