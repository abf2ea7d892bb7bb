"""A citation ready to be pasted, in six styles, for every kind of document.

Plain, GB/T 7714—2015, the Bluebook, OSCOLA, and as lawyers in Hong Kong and Taiwan write. Judgments
go by their neutral citation or number, laws by article, contracts by clause.

What a document does not say is left out with its punctuation. Nothing is supplied: there is no
author unless the publisher stands as one, and no date of access, which nobody recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from corpus.citing.case_names import american_court
from corpus.citing.citation_parts import CitationParts, citation_parts
from corpus.citing.ids import checked
from corpus.citing.pin_styles import (
    bluebook_pin,
    chinese_pin,
    oscola_pin,
    page_alone,
    paragraphs_pin,
)
from corpus.language.lengths import shorten_middle, utf16_length

if TYPE_CHECKING:
    from corpus.models import DocumentRecord, PassageRecord

# Bot API, CopyTextButton: 1 to 256 characters, which Telegram counts in UTF-16 units.
COPY_LIMIT = 256
"""UTF-16 units that a copy button in Telegram holds."""

# What is left of a title that is cut has to tell it from others: a court and a number need this.
_SHORTEST_TITLE = 24
_SHORTEST_PUBLISHER = 12
_ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
# GB/T 7714 cites newspapers by a form of their own; their sites are named `… Online`.
_NEWSPAPER = re.compile(
    r"(?:[報报]|報紙|报纸)\Z|\b(?:Daily|Times|Post|Gazette|Herald|Tribune)\b(?! Online)"
)
_YEAR_IN_TITLE = re.compile(r"\b(?:19|20)\d\d\Z")
_PAGE_ALONE = re.compile(r"p\. (\w+)")
_OF_HONG_KONG = re.compile(r"香港|第\s?\d+[A-Z]*\s?章")
# Bluebook, table T2: where a court sits, by the letters of its neutral citations.
_COUNTRIES = (
    ("UK", "UK"),
    ("EW", "Eng."),
    ("NICA", "N. Ir."),
    ("NI", "N. Ir."),
    ("HK", "H.K."),
    ("SG", "Sing."),
    ("HCA", "Austl."),
    ("FCA", "Austl."),
    ("NSW", "Austl."),
    ("NZ", "N.Z."),
    ("IE", "Ir."),
    ("SCC", "Can."),
)
# Bluebook, table T.12
_MONTHS = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()
_FULL_MONTHS = (
    "January February March April May June July August September October November December".split()
)
CiteAs: TypeAlias = Mapping[str, str]
"""One passage, cited in each style of `STYLES` under the style's name."""


def cite(
    passage: PassageRecord,
    document: DocumentRecord,
    *,
    limit: int | None = COPY_LIMIT,
    checkable: bool = False,
) -> CiteAs:
    """The passage's citation in each style.

    limit: the most UTF-16 units each may have, None for any number. What is too long loses the
    middle of its title first, then its URL, then the middle of its publisher; never its pin, and
    never the citation id in the plain style.
    checkable: the id carries more of the document's hash, for what leaves this machine.
    """
    citation = checked(passage.citation, document.sha256) if checkable else passage.citation
    parts = citation_parts(document, passage.pin, citation)
    return {style.name: _within(style.write, parts, limit) for style in STYLES}


def cite_document(document: DocumentRecord) -> CiteAs:
    """A document as a whole in each style, without pin and citation id: for a list of authorities.

    It is not shortened.
    """
    parts = citation_parts(document, "", "")
    return {style.name: style.write(parts) for style in STYLES}


def _within(write: Callable[[CitationParts], str], parts: CitationParts, limit: int | None) -> str:
    """The citation in a style, shortened step by step until it fits."""

    def excess() -> int:
        return 0 if limit is None else max(0, utf16_length(write(parts)) - limit)

    parts = replace(parts, title=_less(parts.title, excess(), _SHORTEST_TITLE))
    # The pin is never cut: without it the citation cannot be checked.
    if excess():
        parts = replace(parts, url="")
    parts = replace(parts, publisher=_less(parts.publisher, excess(), _SHORTEST_PUBLISHER))
    parts = replace(parts, paper=_less(parts.paper, excess(), _SHORTEST_PUBLISHER))
    parts = replace(parts, court=_less(parts.court, excess(), _SHORTEST_PUBLISHER))
    return write(parts)


def _less(text: str, excess: int, shortest: int) -> str:
    return shorten_middle(text, max(shortest, utf16_length(text) - excess)) if excess else text


# -- the styles ----------------------------------------------------------------------------------


def _plain(parts: CitationParts) -> str:
    """As lawyers of the document's own country write it, with the id that opens the passage.

    `Sharp Corp Ltd v Viterra BV [2024] UKSC 14, [46] [K7Q2M3PD-4]`, 《中华人民共和国公司法》第三条,
    `Title, Publisher, 2021-02-08, ¶ 4 [K7Q2M3PD-4]`.
    """
    if parts.form == "letter":
        source = _joined(", ", parts.paper, parts.title, parts.publisher, parts.date, parts.pin)
    elif parts.form in {"text", "contract"} and not parts.chinese:
        source = _joined(", ", parts.title, _other(parts), parts.date, parts.pin)
    else:
        source = _native(parts)
    if parts.chinese and parts.form in {"text", "letter"}:
        title = parts.title if re.search("[《》]", parts.title) else _in_title_marks(parts.title)
        opening = _with_article(title, parts.pin)
        further_parts = (_other(parts), parts.date, "" if opening != title else parts.pin)
        source = _joined("，", opening, *further_parts)
    return f"{source} [{parts.citation}]" if parts.citation else source


def _native(parts: CitationParts) -> str:
    """As in the country of the document: what all styles share for cases and laws."""
    if parts.chinese:
        return _chinese(parts, parts.pin)
    case, pin = _case(parts), parts.pin
    if parts.form in {"american", "filing"}:
        court = _joined(" ", american_court(parts.court) or "", _american(parts.date))
        return _joined(", ", f"{case} ({court})" if court else case, pin)
    if parts.form == "unreported":
        facts = _joined(", ", parts.court, parts.docket, _english(parts.date))
        return _joined(", ", f"{case} ({facts})", pin)
    if parts.form == "law":
        return _joined(" ", _joined(", ", case, pin), _bracketed(parts.edition))
    return _joined(", ", case, pin)


def _case(parts: CitationParts) -> str:
    """A case with its number, or a law, without court, date and pin."""
    match parts.form:
        case "neutral":
            return _joined(" ", parts.title, parts.neutral)
        case "european":
            number = f"Case {parts.docket}" if parts.docket else ""
            return _joined(", ", _joined(" ", number, parts.title), parts.neutral)
        case "american" | "filing":
            number = f"No. {parts.docket}" if parts.docket else ""
            return _joined(", ", parts.paper, parts.title, number)
        case _:
            return parts.title


def _chinese(parts: CitationParts, pin: str) -> str:
    """Cases, laws and contracts as lawyers write Chinese; the edition of a law comes last."""
    edition = f"（{parts.edition}）" if parts.edition else ""
    if parts.form in {"chinese", "case report"}:
        return _joined("，", parts.title, pin)
    # Taiwan cites its laws without marks, 民法第184條第1項; Hong Kong with them.
    unmarked = parts.form == "law" and parts.traditional and not _OF_HONG_KONG.search(parts.title)
    title = parts.title if unmarked else _in_title_marks(parts.title)
    cited = _with_article(title, pin)
    return f"{cited}{edition}" if cited != title else _joined("，", f"{title}{edition}", pin)


def _gb7714(parts: CitationParts) -> str:
    """GB/T 7714—2015, 4.6 (electronic resources), 4.4 (parts of newspapers); [Z] for the rest.

    `人民网. 题名[EB/OL]. 2021: 第4段(2021-02-08). URL.` · `题名[N]. 人民日报, 2021-02-08: 第4段.`
    The date of access is left out, since it is not known.
    """
    carrier = "/OL" if parts.online else ""
    pin = _in_chinese(parts)
    if parts.publisher and parts.date and _NEWSPAPER.search(parts.publisher):
        printed = f"{parts.publisher}, {parts.date}"
        page = _PAGE_ALONE.fullmatch(parts.pin)
        # A paper's page stands in brackets behind the day: 4.5.2.
        where = f"{printed}({page[1]})" if page else _joined(": ", printed, pin)
        return _sentences(f"{parts.title}[N{carrier}]", where, parts.url)
    title, author = parts.title, parts.publisher
    if parts.form not in {"text", "letter", "contract"}:
        # The court is the author of a judgment; its name then does not open the title as well.
        author = parts.court if parts.form != "law" else ""
        title = _case(parts).removeprefix(author)
    elif parts.form == "letter":
        title = _joined(": ", "" if parts.chinese else parts.paper, title)
    if parts.form == "law" and parts.edition:
        title += f"（{parts.edition}）" if parts.chinese else f" ({parts.edition})"
    year = parts.date[:4]
    if parts.online:
        updated = f"({parts.date})" if parts.date != year else ""
        where = f"{_joined(': ', year, pin)}{updated}" if year else pin
    else:
        where = _joined(": ", parts.date, pin)
    kind = "EB/OL" if parts.online else "Z"
    return _sentences(author, f"{title}[{kind}]", where, parts.url)


def _bluebook(parts: CitationParts) -> str:
    """Cases after rules 10 and 20.3, laws after 12 and 20.5, the rest after 17 and 18.2.2.

    `St. Pierre v. Standard Ins. Co., No. 21-50498, slip op. at 3 (5th Cir. Mar. 16, 2022)` ·
    `Title, Publisher (Feb. 8, 2021), ¶ 4, URL`
    """
    pin, day = bluebook_pin(page_alone(parts.pin)), _american(parts.date)
    match parts.form:
        case "american" | "filing" | "neutral" | "chinese":
            return _bluebook_case(parts, pin, day)
        case "law":
            joint = ", " if _YEAR_IN_TITLE.search(parts.title) else " "
            cited = _joined(joint, parts.title, pin)
            return _joined(" ", cited, _bracketed(parts.edition), _bracketed(_origin(parts)))
        case "european":
            # Rule 21.5.2: the number is a part of its own, and the day stands behind the pin.
            case = _joined(", ", f"Case {parts.docket}" if parts.docket else "", parts.title)
            name = case.replace(" v ", " v. ", 1)
            paragraphs = paragraphs_pin(pin, "¶")
            return _joined(" ", _joined(", ", name, parts.neutral, paragraphs), _bracketed(day))
        case "unreported":
            return _native(replace(parts, pin=pin))
        case "contract":
            joint = " " if re.match(r"§|art\.|cl\.", pin) else ", "
            return _joined(" ", _joined(joint, parts.title, pin), _bracketed(day))
    title = _joined(", ", parts.paper, parts.title, _other(parts))
    # Rule 16.6: in print, the day of a newspaper has no brackets.
    in_print = parts.form == "text" and not parts.online and _NEWSPAPER.search(parts.publisher)
    dated = _joined(", ", title, day) if in_print else _joined(" ", title, _bracketed(day))
    return _joined(", ", dated, pin, parts.url)


def _bluebook_case(parts: CitationParts, pin: str, day: str) -> str:
    court = _bracketed(_joined(" ", american_court(parts.court) or "", day))
    if parts.form == "american":
        page = f"slip op. {pin}" if pin.startswith("at ") else pin
        return _joined(" ", _joined(", ", _case(parts), page), court)
    if parts.form == "filing":
        paper = _joined(" ", parts.paper, pin)
        return _joined(" ", _joined(", ", paper, _case(replace(parts, paper=""))), court)
    if parts.form == "neutral":
        name = parts.title.replace(" v ", " v. ", 1)
        cited = _joined(", ", f"{name} {parts.neutral}", pin)
        return _joined(" ", cited, _bracketed(_country(parts.neutral)))
    cited = parts.title.replace(parts.court, "", 1) if parts.court else parts.title
    source = _bracketed(_joined(" ", parts.court, day))
    return _joined(" ", cited, pin, source, _bracketed(_origin(parts)))


def _oscola(parts: CitationParts) -> str:
    """OSCOLA, 4th edition: 2.1 cases, 2.4 laws, 3.4 the rest.

    `Sharp Corp Ltd v Viterra BV [2024] UKSC 14 [46]` · `Limitation Act 1980, s 9` ·
    `'Title' (Publisher, 8 February 2021), para 4 <URL>`
    """
    cited = _british(parts)
    # A pinpoint in brackets follows a neutral citation without a comma: 2.1.6.
    if parts.form == "neutral":
        return cited.replace(f"{parts.neutral}, [", f"{parts.neutral} [")
    return cited


def _hong_kong(parts: CitationParts) -> str:
    """As in Hong Kong: like OSCOLA, with a comma before every pin; Chinese as it is written."""
    return _taiwan(parts) if parts.chinese else _british(parts)


def _taiwan(parts: CitationParts) -> str:
    """As in Taiwan: 民法第184條第1項, 最高法院110年度台上字第1號民事判決, 〈題名〉，刊名，日期."""
    if not parts.chinese:
        return _british(parts)
    pin = _in_chinese(parts)
    if parts.form not in {"text", "letter"}:
        return _chinese(parts, pin)
    title = f"〈{parts.title}〉"
    cited = _with_article(title, pin)
    further_parts = (_other(parts), _han_day(parts.date), "" if cited != title else pin, parts.url)
    return _joined("，", cited, *further_parts)


def _british(parts: CitationParts) -> str:
    pin = oscola_pin(page_alone(parts.pin), is_contract=parts.form == "contract")
    day = _english(parts.date)
    if parts.form == "law":
        return _joined(", ", _joined(" ", parts.title, _bracketed(parts.edition)), pin)
    if parts.form == "contract":
        return _joined(", ", _joined(" ", parts.title, _bracketed(day)), pin)
    if parts.form in {"chinese", "case report"}:
        return _joined(", ", parts.title, pin)
    if parts.form in {"american", "filing"}:
        # OSCOLA writes no full stops after abbreviations: 1.3.1.
        court = _joined(", ", _undotted(american_court(parts.court) or ""), day)
        return _joined(", ", _joined(" ", _undotted(_case(parts)), _bracketed(court)), pin)
    if parts.form not in {"text", "letter"}:
        is_european = parts.form == "european"
        return _british_european(parts, pin) if is_european else _native(replace(parts, pin=pin))
    return _british_text(parts, pin, day)


def _british_text(parts: CitationParts, pin: str, day: str) -> str:
    """What is neither a case nor a law nor a contract: 3.4."""
    address = f"<{parts.url}>" if parts.url else ""
    named = _joined(", ", parts.paper, f"‘{parts.title}’")
    if parts.form == "text" and _NEWSPAPER.search(parts.publisher):
        # A newspaper stands before the brackets, and its page behind them without a comma: 3.4.9.
        cited = _joined(" ", named, parts.publisher, _bracketed(day))
        return _joined(" ", _joined(" " if pin.isdecimal() else ", ", cited, pin), address)
    source = _bracketed(_joined(", ", parts.publisher, day))
    return _joined(" ", _joined(", ", _joined(" ", named, source), pin), address)


def _british_european(parts: CitationParts, pin: str) -> str:
    """Neither a comma before the number of the report nor brackets for paragraphs: 2.6.2."""
    number = f"Case {parts.docket}" if parts.docket else ""
    cited = _joined(" ", number, parts.title, parts.neutral)
    return _joined(", ", cited, paragraphs_pin(pin, "para"))


@dataclass(frozen=True, slots=True)
class Style:
    """A citation style."""

    name: str
    """The key in `--json`, which other programs rely on."""
    label: str
    """The name of the style for people, on a button and on a terminal."""
    write: Callable[[CitationParts], str]


STYLES: Final = (
    Style("plain", "Plain", _plain),
    Style("gb7714", "GB/T 7714", _gb7714),
    Style("bluebook", "Bluebook", _bluebook),
    Style("oscola", "OSCOLA", _oscola),
    Style("hk", "Hong Kong", _hong_kong),
    Style("tw", "臺灣", _taiwan),
)
"""A style added here has its button, its line on a terminal and its field in `--json`."""


# -- pieces --------------------------------------------------------------------------------------


def _other(parts: CitationParts) -> str:
    """The publisher, unless the title names it first, as that of a judgment does."""
    return "" if parts.publisher and parts.title.startswith(parts.publisher) else parts.publisher


def _in_title_marks(title: str) -> str:
    """《题名》; marks inside become single ones (GB/T 15834, 4.15.3.5)."""
    return f"《{title.replace('《', '〈').replace('》', '〉')}》"


def _with_article(title: str, pin: str) -> str:
    """The title with an article directly behind it; the title alone for any other pin."""
    return f"{title}{pin}" if re.match("第.+[條条]", pin) else title


def _in_chinese(parts: CitationParts) -> str:
    pin = page_alone(parts.pin)
    return chinese_pin(pin, traditional=parts.traditional) if parts.chinese else pin


def _origin(parts: CitationParts) -> str:
    """Where a Chinese judgment or law comes from, as far as its form shows."""
    if not parts.chinese:
        return ""
    if not parts.traditional:
        return "China"
    # Hong Kong's papers are in traditional characters as well, but do not count years so.
    of_taiwan = (
        "民國" in parts.edition
        or re.search(r"\d{2,3}年(?:度)?\w{1,20}字第|釋字第|憲判字第", parts.docket)
        or (
            parts.form == "law"
            and re.search(r"第\d{1,6}條", parts.pin)
            and not _OF_HONG_KONG.search(parts.title)
        )
    )
    return "Taiwan" if of_taiwan else ""


def _country(neutral: str) -> str:
    code = re.sub(r"\A\[?\d{4}\]?\s*", "", neutral)
    return next((country for opening, country in _COUNTRIES if code.startswith(opening)), "")


def _american(date: str) -> str:
    """`2021-02-08` -> `Feb. 8, 2021`; `2021-02` -> `Feb. 2021`; anything else as it is."""
    match = _ISO_DATE.fullmatch(date)
    if not match or not match[2] or not 1 <= int(match[2]) <= 12:
        return date
    month = _MONTHS[int(match[2]) - 1]
    return f"{month} {int(match[3])}, {match[1]}" if match[3] else f"{month} {match[1]}"


def _english(date: str) -> str:
    """`2021-02-08` -> `8 February 2021`."""
    match = _ISO_DATE.fullmatch(date)
    if not match or not match[2] or not 1 <= int(match[2]) <= 12:
        return date
    day = str(int(match[3])) if match[3] else ""
    return _joined(" ", day, _FULL_MONTHS[int(match[2]) - 1], match[1])


def _han_day(date: str) -> str:
    """`2021-02-08` -> 2021年2月8日."""
    match = _ISO_DATE.fullmatch(date)
    if not match:
        return date
    return "".join(
        f"{int(number)}{unit}"
        for number, unit in zip(match.groups(), "年月日", strict=True)
        if number
    )


def _undotted(text: str) -> str:
    return re.sub(r"(?<=\w)\.(?=[\s,)]|\Z)|(?<=[A-Z])\.(?=[A-Z]\.)", "", text)


def _bracketed(text: str) -> str:
    return f"({text})" if text else ""


def _joined(separator: str, *parts: str) -> str:
    return separator.join(part for part in parts if part)


def _sentences(*parts: str) -> str:
    """Each part ended by a full stop, as GB/T 7714 separates its fields."""
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)
