"""Is this a judgment with a neutral citation, or one of the European Union's courts?

United Kingdom, Hong Kong, Singapore and others: the citation heads it and names the court; the
parties stand between `BETWEEN` and their roles; the day is that of the judgment, not of the
hearing. European Union: `JUDGMENT OF THE COURT`, `In Case C-…`, a party on each line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.models import DocumentFacts, Metadata
from corpus.reading.captions import case_name, read_caption
from corpus.reading.opening import Opening, first_day, whole_date, with_next

_HEAD_LINES = 60
_LONGEST_COURT = 100

# -- Courts that give their judgments a neutral citation -----------------------------------------

_COURTS = {
    "UKSC": "UK Supreme Court",
    "UKPC": "Judicial Committee of the Privy Council",
    "UKHL": "House of Lords",
    "EWCA": "Court of Appeal of England and Wales",
    "EWHC": "High Court of England and Wales",
    "EWCH": "High Court of England and Wales",  # misspelt in published judgments
    "EHWC": "High Court of England and Wales",
    "EWFC": "Family Court",
    "EWCOP": "Court of Protection",
    "EWCR": "Crown Court",
    "EWCC": "County Court",
    "UKUT": "Upper Tribunal",
    "UKFTT": "First-tier Tribunal",
    "UKEAT": "Employment Appeal Tribunal",
    "EAT": "Employment Appeal Tribunal",
    "UKAIT": "Asylum and Immigration Tribunal",
    "CAT": "Competition Appeal Tribunal",
    "CSIH": "Court of Session (Inner House)",
    "CSOH": "Court of Session (Outer House)",
    "HCJAC": "High Court of Justiciary (Appeal Court)",
    "SAC": "Sheriff Appeal Court",
    "NICA": "Court of Appeal in Northern Ireland",
    "NIKB": "High Court in Northern Ireland (King's Bench Division)",
    "NIQB": "High Court in Northern Ireland (Queen's Bench Division)",
    "NICH": "High Court in Northern Ireland (Chancery Division)",
    "HKCFA": "Hong Kong Court of Final Appeal",
    "HKCA": "Hong Kong Court of Appeal",
    "HKCFI": "Hong Kong Court of First Instance",
    "HKDC": "Hong Kong District Court",
    "SGCA": "Singapore Court of Appeal",
    "SGHC": "Singapore High Court",
    "HCA": "High Court of Australia",
    "FCAFC": "Federal Court of Australia (Full Court)",
    "FCA": "Federal Court of Australia",
    "NSWCA": "New South Wales Court of Appeal",
    "NSWSC": "Supreme Court of New South Wales",
    "NZSC": "Supreme Court of New Zealand",
    "NZCA": "Court of Appeal of New Zealand",
    "IESC": "Supreme Court of Ireland",
    "IEHC": "High Court of Ireland",
    "SCC": "Supreme Court of Canada",
}
_CHAMBERS = {
    "CIV": "Civil Division",
    "CRIM": "Criminal Division",
    "CH": "Chancery Division",
    "KB": "King's Bench Division",
    "QB": "Queen's Bench Division",
    "FAM": "Family Division",
    "COMM": "Commercial Court",
    "ADMIN": "Administrative Court",
    "ADMLTY": "Admiralty Court",
    "TCC": "Technology and Construction Court",
    "PAT": "Patents Court",
    "IPEC": "Intellectual Property Enterprise Court",
    "SCCO": "Senior Courts Costs Office",
    "COSTS": "Senior Courts Costs Office",
    "AAC": "Administrative Appeals Chamber",
    "IAC": "Immigration and Asylum Chamber",
    "LC": "Lands Chamber",
    "GRC": "General Regulatory Chamber",
    "TC": "Tax Chamber",
    "HESC": "Health, Education and Social Care Chamber",
    "PC": "Property Chamber",
    "SEC": "Social Entitlement Chamber",
    "WPAFC": "War Pensions and Armed Forces Compensation Chamber",
}
_UPPER_TRIBUNAL_TCC = "Tax and Chancery Chamber"
_NEUTRAL = re.compile(
    rf"\[(?:19|20)\d\d[\]\[] ?(?P<court>{'|'.join(sorted(_COURTS, key=len, reverse=True))})"
    r"(?: \(?(?P<division>Civ|Crim|AAC|IAC|LC|TCC)\)?)? \d{1,5}"
    r"(?: \((?P<chamber>[A-Za-z]{1,6})\)"
    r"| (?P<unbracketed>Admin|Ch|Comm|QB|KB|Fam|Pat|Civ|Crim)\b)?",
    re.IGNORECASE,
)
_NEUTRAL_LINE = re.compile(
    r"(?:[A-Z]{2,3} )?(?:neutral citation(?: (?!\[)\w+\.?)?\s?[:.]?\s?|NCN(?: no\.?)?\s?:?\s?)?"
    rf"(?P<citation>{_NEUTRAL.pattern})",
    re.IGNORECASE,
)
_CASE_NUMBER = re.compile(
    r"(?:UTLC |Tribunal |Claim |Appeal |Court )?(?:case|claim|appeal|reference|ref)s?"
    r"(?: (?:number|no|reference"
    r"|ref)s?)?\.?(?: Numbers?)?\s?[:.]\s?(?P<docket>[A-Z0-9][\w/.&,() -]{2,60})",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"(?:date of )?(?:judgment|decision|reasons|determination|order)"
    r"(?: and reasons)?(?: (?:given|promulgated|issued|handed down|delivered|released?|made))?"
    r"(?: (?:on|date))?\s?:?\s?(?P<day>.*)"
    r"|(?:release|decision|judgment|promulgation|handed down|hand-down"
    r"|issue) date\s?:?\s?(?P<day2>.*)"
    r"|(?:handed down|promulgated|released?|delivered|date of handing down"
    r"|decided)(?: on)?\s?:?\s?(?P<day3>.*)"
    r"|dated?\s?:\s?(?P<day4>.*)",
    re.IGNORECASE,
)
_ACTION = re.compile(r"(?P<docket>[A-Z]{3,6} ?\d{1,5}/(?:19|20)\d\d)")  # HCA 1234/2020
_NUMERIC_DAY = re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>(?:19|20)\d\d)")
_HEARING = re.compile(r"hear(?:d|ing)|argued", re.IGNORECASE)

# -- European Union ------------------------------------------------------------------------------

_EUROPEAN = re.compile(
    r"(?P<kind>JUDGMENT|ORDER|OPINION) OF (?:THE )?(?P<court>GENERAL COURT|COURT"
    r"|ADVOCATE GENERAL)\b.*"
)
_EUROPEAN_CASE = re.compile(
    r"(?:in |joined )*cases? (?P<docket>[CTF][-‑–]\d{1,4}/\d\d(?: P)?)", re.IGNORECASE
)
_ECLI = re.compile(r"ECLI:[A-Z]{2}:[A-Z]+:\d{4}:\d+")


def english_judgment(opening: Opening) -> Metadata | None:
    """Name, date, court, docket and parties of a judgment; None for other texts."""
    return _with_neutral_citation(opening) or _european(opening)


def _with_neutral_citation(opening: Opening) -> Metadata | None:
    head = opening.head[:_HEAD_LINES]
    lines = ((line, _NEUTRAL_LINE.match(line)) for line in head[:25])
    # The docket may follow on the same line; a sentence that opens with a citation is longer.
    match = next(
        (citation for line, citation in lines if citation and len(line) - citation.end() <= 40),
        None,
    )
    if not match:
        return None
    citation = match["citation"]
    caption = read_caption(head)
    name = case_name(caption, "v")
    court = _court_of(match)
    facts = DocumentFacts(
        "judgment",
        court,
        _case_number(head),
        neutral_citation=citation,
        parties=caption.parties if caption else (),
    )
    title = f"{name} {citation}" if name else citation
    return Metadata(title=title, date=_given(opening), publisher=court, facts=facts)


def _court_of(citation: re.Match[str]) -> str:
    code = citation["court"].upper()
    parts = ("division", "chamber", "unbracketed")
    chamber = next((citation[part] for part in parts if citation[part]), "").upper()
    name = _CHAMBERS.get(chamber, "")
    if code == "UKUT" and chamber == "TCC":  # the same letters are a court within the High Court
        name = _UPPER_TRIBUNAL_TCC
    return f"{_COURTS[code]} ({name})" if name else _COURTS[code]


def _case_number(head: Sequence[str]) -> str | None:
    for line in head:
        match = _CASE_NUMBER.fullmatch(line) or _ACTION.fullmatch(line)
        if match and any(map(str.isdigit, match["docket"])):
            return match["docket"].strip()
    return None


def _given(opening: Opening) -> str | None:
    """The day of the judgment: where a label says so, else where it is signed, else at its head.

    Headers of tribunals often show the day of the hearing without a word.
    """
    for line, below in (*with_next(opening.head[:_HEAD_LINES]), *with_next(opening.tail)):
        match = _GIVEN.fullmatch(line)
        if match:
            value = next((part for part in match.groups() if part), "")
            day = _british_day(value or below)
            if day:
                return day
    signed = [day for line in opening.tail if (day := whole_date(line))]
    headed = [
        day
        for above, line in with_next(("", *opening.head[:_HEAD_LINES]))
        if not _HEARING.search(above) and (day := whole_date(line))
    ]
    return signed[-1] if signed else next(iter(headed), None)


def _british_day(line: str) -> str | None:
    """A line that is a day; these courts write `03/04/2023` for the third of April."""
    match = _NUMERIC_DAY.fullmatch(line.strip())
    if not match:
        return whole_date(line)
    iso = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"
    return whole_date(iso)


def _european(opening: Opening) -> Metadata | None:
    head = opening.head[:_HEAD_LINES]
    kind = next((match for line in head[:15] if (match := _EUROPEAN.match(line))), None)
    case = next((match for line in head if (match := _EUROPEAN_CASE.search(line))), None)
    if not kind or not case:
        return None
    court = (
        "General Court of the European Union"
        if kind["court"] == "GENERAL COURT"
        else ("Court of Justice of the European Union")
    )
    ecli = _ECLI.search(opening.text[:6_000])
    caption = read_caption(head, one_a_line=True)
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
