"""How does each citation style write a pin?

Pins are stored in one form (`corpus.citing.pins`). Styles differ in the words for a paragraph, a
page, an article and a clause; what a style has no words for stays as it is.
"""

from __future__ import annotations

import re
from typing import Final

from corpus.language.numerals import HAN_ORDINAL, parse_number

_PART: Final = re.compile(r" ?\(\d+(?:–\d+)?/\d+\)")
_ON_PAGE: Final = re.compile(r"(?<=\w) ¶¶? [\d–]+\Z")
_PRINTED: Final = re.compile(r"\bpp?\. [\d–]+ \(printed (?P<numbers>[^)]+)\)")
_ITEM: Final = re.compile(rf"第[（(](?P<number>[{HAN_ORDINAL}]+)[）)](?P<unit>[项項目])")
_INSERTED: Final = re.compile(r"第(\d+)-(\d+)條")
_AMENDING: Final = re.compile(rf"[{HAN_ORDINAL}]+")
_STEP: Final = re.compile(
    rf"第[（(]?(?P<number>[{HAN_ORDINAL}]+|\d+(?:-\d+)?)[）)]?[条條款项項目](?:之(?P<of>\d+))?"
)
_ONLY_STEPS: Final = re.compile(r"(?P<first>(?:第[^第至–]+)+)(?:至(?P<last>(?:第[^第至–]+)+))?")
_PARAGRAPHS: Final = re.compile(r"¶¶? (?P<first>\d+)(?:–(?P<last>\d+))?")
_PAGES: Final = re.compile(r"pp?\. (?P<first>\w+)(?:–(?P<last>\w+))?")
_CLAUSES: Final = re.compile(r"§§? ?(?=[\dA-Z(])")
_LATIN: Final = re.compile(r"\b(?P<word>Article|Section|Clause|Rule|Art\.|Sec\.) ?(?=[\dIVXLC])")
_OSCOLA_WORDS: Final = {
    "Article": "art ",
    "Art.": "art ",
    "Section": "s ",
    "Sec.": "s ",
    "Clause": "cl ",
    "Rule": "r ",
}
_BLUEBOOK_WORDS: Final = {
    "Article": "art. ",
    "Art.": "art. ",
    "Section": "§ ",
    "Sec.": "§ ",
    "Clause": "cl. ",
    "Rule": "r. ",
}


def bare_pin(pin: str) -> str:
    """A pin without which part of a passage it is, and with the page's printed number alone.

    `p. 6 (printed 4) ¶ 3 (1/2)` -> `p. 4 ¶ 3`, 四、㈢、 -> 四、㈢.
    A caption has no pin: it is the head.
    """
    pin = _PRINTED.sub(_printed, _PART.sub("", pin)).rstrip("、")
    return "" if pin == "caption" else pin


def page_alone(pin: str) -> str:
    """`p. 4 ¶ 3` -> `p. 4`: paragraphs counted on a page are this program's, not the field's."""
    return _ON_PAGE.sub("", pin)


def statute_pin(pin: str) -> str:
    """An article as judgments and pleadings cite it: 第三十九条第二项, 第228條之1, 第二十一条.

    The rules for drafting laws cite items without their brackets.
    """
    if _AMENDING.fullmatch(pin):  # laws that amend others number their articles 一、二、三、
        return f"第{pin}条"
    pin = _ITEM.sub(lambda match: f"第{match['number']}{match['unit']}", pin)
    return _INSERTED.sub(r"第\1條之\2", pin)


def chinese_pin(pin: str, *, traditional: bool) -> str:
    """`p. 3 ¶¶ 2–4` -> 第3页第2至4段."""
    page = "頁" if traditional else "页"
    pin = _PAGES.sub(lambda match: f"第{_ranged(match, '至')}{page}", pin)
    pin = _PARAGRAPHS.sub(lambda match: f"第{_ranged(match, '至')}段", pin)
    return re.sub(rf"(?<={page}) (?=第)", "", pin)


def oscola_pin(pin: str, *, is_contract: bool = False) -> str:
    """`¶ 4` -> para 4, `Article 5(2)` -> art 5(2), `§ 10.4` -> cl 10.4 of a contract, else s 10.4.

    Pages are bare numbers: OSCOLA, 1.4.
    """
    article = _article_in_figures(pin)
    if article:
        return f"art{'s' if article[1] else ''} {article[0]}"
    pin = _LATIN.sub(lambda match: _OSCOLA_WORDS[match["word"]], pin)
    pin = _CLAUSES.sub("cl " if is_contract else "s ", pin)
    pin = _PAGES.sub(lambda match: f"{_ranged(match, '–')},", pin)
    pin = _PARAGRAPHS.sub(
        lambda match: f"para{'s' if match['last'] else ''} {_ranged(match, '–')}", pin
    )
    return pin.rstrip(",")


def bluebook_pin(pin: str) -> str:
    """`p. 3` -> at 3, `Article 5(2)` -> art. 5(2), `[46]` stays: Bluebook, rule 3."""
    article = _article_in_figures(pin)
    if article:
        return f"art{'s' if article[1] else ''}. {article[0]}"
    pin = _LATIN.sub(lambda match: _BLUEBOOK_WORDS[match["word"]], pin)
    return _PAGES.sub(lambda match: f"at {_ranged(match, '–')}", pin)


def paragraphs_pin(pin: str, word: str) -> str:
    """`[46]–[47]` as paras 46–47 or ¶¶ 46–47; other pins as they are."""
    numbers = re.fullmatch(r"\[(\d+)\](?:–\[(\d+)\])?", pin)
    if not numbers:
        return pin
    many = ("s" if word.isalpha() else word) if numbers[2] else ""
    return f"{word}{many} {numbers[1]}" + (f"–{numbers[2]}" if numbers[2] else "")


def _printed(match: re.Match[str]) -> str:
    numbers = match["numbers"]
    return f"{'pp' if '–' in numbers else 'p'}. {numbers}"


def _ranged(match: re.Match[str], joint: str) -> str:
    return f"{match['first']}{joint}{match['last']}" if match["last"] else match["first"]


def _article_in_figures(pin: str) -> tuple[str, bool] | None:
    """第三十九条第二款第（一）项 -> 39(2)(1), and whether it names several; None for other pins."""
    match = _ONLY_STEPS.fullmatch(pin)
    if not match or not re.search("[条條]", match["first"]):
        return None
    first = _numbers_of(match["first"])
    if not match["last"]:
        return _nested(first), False
    last = _numbers_of(match["last"])
    if re.search("[条條]", match["last"]):
        return f"{_nested(first)}–{_nested(last)}", True
    return f"{_nested(first)}–{''.join(f'({number})' for number in last)}", False


def _nested(numbers: list[str]) -> str:
    return numbers[0] + "".join(f"({number})" for number in numbers[1:])


def _numbers_of(steps: str) -> list[str]:
    numbers = []
    for step in _STEP.finditer(steps):
        number = step["number"]
        value = number if "-" in number else str(parse_number(number))
        numbers.append(f"{value}-{step['of']}" if step["of"] else value)
    return numbers
