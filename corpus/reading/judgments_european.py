"""Is this a judgment of the European Union's courts, or of the European Court of Human Rights?

Union: `JUDGMENT OF THE COURT`, `In Case C-…`, then a party on each line with where it is
established and who represents it; an Advocate General's opinion has the same head. Strasbourg:
`CASE OF A v. B`, the application's number, the place and the day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.models import DocumentFacts, Metadata
from corpus.reading.captions import Caption, case_name, spell_name
from corpus.reading.opening import Opening, first_day, whole_date

_HEAD_LINES = 60
_MOST_NAMES = 12
_UNION = re.compile(
    r"(?P<kind>JUDGMENT|ORDER|OPINION) OF (?:THE )?(?P<court>GENERAL COURT|COURT"
    r"|(?:FIRST )?ADVOCATE GENERAL|PRESIDENT OF THE (?:GENERAL )?COURT)\b.*"
)
_UNION_CASE = re.compile(
    r"(?:in |joined ){0,3}cases? (?P<docket>[CTF][-‑–]\d{1,4}/\d\d(?: P)?)", re.IGNORECASE
)
_ECLI = re.compile(r"ECLI:[A-Z]{2}:[A-Z]+:\d{4}:\d+")
# What follows a party's name on its line.
_OF_PARTY = re.compile(
    r",?\s(?:established|residing|represented|having its|with its|whose|formerly)\b.*"
    r"|,?\s\(.{0,60}\),\srepresented\b.*",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:applicants?|appellants?|defendants?|respondents?|interveners?)(?: at first instance)?"
    r"(?: and defendants?.*)?[,.;]?",
    re.IGNORECASE,
)
_AROUND_PARTIES = re.compile(
    r"request\b|appeal\b|application\b|action\b|the other part|supported by|intervene"
    r"|the (?:general )?court|\(|in the (?:proceedings|presence)|represented\b|composed\b"
    r"|.*\bproceedings,?\Z|.*\bbeing,?\Z"
    r"|delivered\b|advocate general|gives the",
    re.IGNORECASE,
)
_STRASBOURG = re.compile(r"(?:CASE OF|AFFAIRE) (?P<first>.+?) (?:v\.|c\.) (?P<second>.+)")
_APPLICATION = re.compile(
    r"\(?(?:Applications?|Requêtes?) (?:no|n°|nos)s?\.? ?"
    r"(?P<docket>\d{1,6}/\d\d(?: and \d{1,6}/\d\d| and \d+ others)?).*",
    re.IGNORECASE,
)
_HUMAN_RIGHTS = "European Court of Human Rights"


def european_judgment(opening: Opening) -> Metadata | None:
    """Name, date, court, docket and parties of a judgment; None for other texts."""
    return _of_the_union(opening) or _of_strasbourg(opening)


def _of_the_union(opening: Opening) -> Metadata | None:
    head = opening.head[:_HEAD_LINES]
    kind = next((match for line in head[:15] if (match := _UNION.match(line))), None)
    cases = ((at, _UNION_CASE.search(line)) for at, line in enumerate(head))
    at, case = next(((at, match) for at, match in cases if match), (0, None))
    if not kind or not case:
        return None
    court = (
        "General Court of the European Union"
        if "GENERAL COURT" in kind["court"]
        else "Court of Justice of the European Union"
    )
    ecli = _ECLI.search(opening.text[:6_000])
    caption = _union_parties(head[at + 1 :])
    name = case_name(caption, "v")
    docket = case["docket"].replace("‑", "-").replace("–", "-")
    day = next((day for line in head if (day := first_day(line[:40]))), None)
    facts = DocumentFacts(
        "judgment",
        court,
        docket,
        neutral_citation=ecli[0] if ecli else None,
        parties=caption.parties if caption else (),
    )
    title = f"Case {docket} {name}" if name else f"Case {docket}"
    return Metadata(title=title, date=day, publisher=court, facts=facts)


def _union_parties(lines: Sequence[str]) -> Caption | None:
    """The names above and below the line that is only `v`, each on its line."""
    at = next((at for at, line in enumerate(lines) if line.strip(". ") == "v"), None)
    if at is None:
        return None
    first: list[str] = []
    for line in reversed(lines[:at]):
        if _AROUND_PARTIES.match(line):
            break
        first.insert(0, line)
    second: list[str] = []
    for line in lines[at + 1 :]:
        if second and (_ROLE.fullmatch(line) or _AROUND_PARTIES.match(line)):
            break
        second.append(line)
    sides = [_names(side) for side in (first, second)]
    return Caption(sides[0], sides[1]) if all(sides) else None


def _names(lines: Sequence[str]) -> tuple[str, ...]:
    names = (_OF_PARTY.sub("", line).strip(" ,;") for line in lines if not _ROLE.fullmatch(line))
    return tuple(name for name in names if name)[:_MOST_NAMES]


def _of_strasbourg(opening: Opening) -> Metadata | None:
    head = opening.head[:_HEAD_LINES]
    case = next((match for line in head[:15] if (match := _STRASBOURG.fullmatch(line))), None)
    number = next((match for line in head if (match := _APPLICATION.fullmatch(line))), None)
    if not case or not number:
        return None
    first, second = spell_name(case["first"]), spell_name(case["second"])
    docket = number["docket"]
    # Below stand the day of deliberation and the one on which it becomes final.
    day = next((day for line in head if (day := whole_date(line))), None)
    facts = DocumentFacts("judgment", _HUMAN_RIGHTS, docket, parties=(first, second))
    return Metadata(
        title=f"{first} v. {second}, no. {docket}",
        date=day,
        publisher=_HUMAN_RIGHTS,
        facts=facts,
    )
