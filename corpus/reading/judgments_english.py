"""Is this a judgment with a neutral citation, and of which court?

United Kingdom, Hong Kong, Singapore, Australia, Canada and others: the citation heads it and names
the court; the parties stand between `BETWEEN` and their roles; the day is that of the judgment, not
of the hearing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.models import DocumentFacts, Metadata
from corpus.reading.captions import HAN_NAME, case_name, read_caption
from corpus.reading.opening import Opening, first_day, whole_date, with_next

_HEAD_LINES = 60
_LONGEST_REST = 40
_LONGEST_DAY = 30

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
    "HKFC": "Hong Kong Family Court",
    "HKLT": "Hong Kong Lands Tribunal",
    "HKCT": "Hong Kong Competition Tribunal",
    "SGCA": "Singapore Court of Appeal",
    "SGHC": "Singapore High Court",
    "SGHCF": "Singapore High Court (Family Division)",
    "SGDC": "Singapore District Court",
    "SGMC": "Singapore Magistrate's Court",
    "SGFC": "Singapore Family Court",
    "HCA": "High Court of Australia",
    "FCAFC": "Federal Court of Australia (Full Court)",
    "FCA": "Federal Court of Australia",
    "FEDCFAMC1A": "Federal Circuit and Family Court of Australia (Division 1)",
    "FEDCFAMC1F": "Federal Circuit and Family Court of Australia (Division 1)",
    "FEDCFAMC2G": "Federal Circuit and Family Court of Australia (Division 2)",
    "FEDCFAMC2F": "Federal Circuit and Family Court of Australia (Division 2)",
    "FCCA": "Federal Circuit Court of Australia",
    "AATA": "Administrative Appeals Tribunal",
    "FWC": "Fair Work Commission",
    "FWCFB": "Fair Work Commission (Full Bench)",
    "NSWCA": "New South Wales Court of Appeal",
    "NSWCCA": "New South Wales Court of Criminal Appeal",
    "NSWDC": "District Court of New South Wales",
    "NSWLEC": "Land and Environment Court of New South Wales",
    "NSWCATAP": "NSW Civil and Administrative Tribunal (Appeal Panel)",
    "VSCA": "Victorian Court of Appeal",
    "VSC": "Supreme Court of Victoria",
    "VCC": "County Court of Victoria",
    "QCA": "Queensland Court of Appeal",
    "QSC": "Supreme Court of Queensland",
    "QDC": "District Court of Queensland",
    "WASCA": "Western Australian Court of Appeal",
    "WASC": "Supreme Court of Western Australia",
    "SASCA": "South Australian Court of Appeal",
    "SASCFC": "Supreme Court of South Australia (Full Court)",
    "SASC": "Supreme Court of South Australia",
    "TASSC": "Supreme Court of Tasmania",
    "TASFC": "Supreme Court of Tasmania (Full Court)",
    "ACTCA": "ACT Court of Appeal",
    "ACTSC": "Supreme Court of the Australian Capital Territory",
    "NTSC": "Supreme Court of the Northern Territory",
    "NSWSC": "Supreme Court of New South Wales",
    "NZSC": "Supreme Court of New Zealand",
    "NZCA": "Court of Appeal of New Zealand",
    "NZHC": "High Court of New Zealand",
    "NZEMPC": "Employment Court of New Zealand",
    "IESC": "Supreme Court of Ireland",
    "IECA": "Court of Appeal of Ireland",
    "IEHC": "High Court of Ireland",
    "SCC": "Supreme Court of Canada",
    "ZACC": "Constitutional Court of South Africa",
    "ZASCA": "Supreme Court of Appeal of South Africa",
}
# Canada and India write the year without brackets; some letters mean other courts elsewhere.
_COURTS_WITHOUT_BRACKETS = {
    "SCC": "Supreme Court of Canada",
    "CSC": "Supreme Court of Canada",
    "FCA": "Federal Court of Appeal",
    "FC": "Federal Court",
    "CF": "Federal Court",
    "TCC": "Tax Court of Canada",
    "ONCA": "Court of Appeal for Ontario",
    "ONSC": "Ontario Superior Court of Justice",
    "ONSCDC": "Ontario Superior Court of Justice (Divisional Court)",
    "ONCJ": "Ontario Court of Justice",
    "BCCA": "Court of Appeal for British Columbia",
    "BCSC": "Supreme Court of British Columbia",
    "ABCA": "Court of Appeal of Alberta",
    "ABKB": "Court of King's Bench of Alberta",
    "ABQB": "Court of Queen's Bench of Alberta",
    "QCCA": "Court of Appeal of Quebec",
    "QCCS": "Superior Court of Quebec",
    "SKCA": "Court of Appeal for Saskatchewan",
    "SKKB": "Court of King's Bench for Saskatchewan",
    "MBCA": "Court of Appeal of Manitoba",
    "MBKB": "Court of King's Bench of Manitoba",
    "NSCA": "Nova Scotia Court of Appeal",
    "NSSC": "Supreme Court of Nova Scotia",
    "NBCA": "Court of Appeal of New Brunswick",
    "NLCA": "Court of Appeal of Newfoundland and Labrador",
    "INSC": "Supreme Court of India",
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
    r"(?:\((?:[A-Z]|AD)\))?(?: \(?(?P<division>Civ|Crim|AAC|IAC|LC|TCC)\)?)? \d{1,5}"
    r"(?: \((?P<chamber>[A-Za-z]{1,6})\)"
    r"| (?P<unbracketed>Admin|Ch|Comm|QB|KB|Fam|Pat|Civ|Crim)\b)?"
    rf"|(?<![\d-])(?:19|20)\d\d (?P<bare>{'|'.join(_COURTS_WITHOUT_BRACKETS)}) \d{{1,5}}(?!\d)",
    re.IGNORECASE,
)
_NEUTRAL_LINE = re.compile(
    r"(?:[A-Z]{2,3} )?(?:(?:medium )?neutral citation(?: (?!\[)\w+\.?)?\s?[:.]?\s?"
    r"|NCN(?: no\.?)?\s?:?\s?|citation\s?:\s?)?"
    rf"(?P<name>(?<!\w)[^\[\]:]{{3,200}}?\s(?:v|vs)\.?\s[^\[\]:]{{3,200}}?,?\s)?"
    rf"(?P<citation>{_NEUTRAL.pattern})",
    re.IGNORECASE,
)
# Beside a name a citation is the document's own only in a judgment's head.
_OF_JUDGMENTS = re.compile(
    r"(?:medium neutral )?citation\s?:|.*\bcourt\b.{0,60}|.*\btribunal\b.{0,60}", re.IGNORECASE
)
_CASE_NUMBER = re.compile(
    r"(?:UTLC |Tribunal |Claim |Appeal |Court )?(?:case|claim|appeal|reference|ref)s?"
    r"(?: (?:number|no|reference"
    r"|ref)s?)?\.?(?: Numbers?)?\s?[:.]\s?(?P<docket>[A-Z0-9][\w/.&,() -]{2,60})",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"(?:[a-z-]+ )?(?:judgment|opinion|ruling|decision)\b.{3,120}?"
    r"\b(?:delivered|given|handed down|dated)(?: on)? (?P<day5>.*)"
    r"|(?:date of )?(?:judgment|decision|reasons|determination|order|ruling|sentence)"
    r"(?: and reasons)?"
    r"(?: (?:given|promulgated|issued|handed down|delivered|released?|made|rendered))?"
    r"(?: (?:on|date))?\s?:?\s?(?P<day>.*)"
    r"|(?:release|decision|judgment|promulgation|handed down|hand-down"
    r"|issue) date\s?:?\s?(?P<day2>.*)"
    r"|(?:handed down|promulgated|released?|delivered|date of handing down"
    r"|decided)(?: on)?\s?:?\s?(?P<day3>.*)"
    r"|dated?\s?:\s?(?P<day4>.*)"
    r"|(?:判案書|判決書?|裁決|裁定|判決理由書|頒[布下佈]|宣判|判刑)?(?:日期)\s?[：:]\s?(?P<day6>.*)"
    # Singapore's judges sign, and the day stands beside what became of the case.
    r"|(?P<day7>\d{1,2} \w+ \d{4}) (?:judgment reserved|judgment|ex tempore)\.?.*",
    re.IGNORECASE,
)
_CLOCK = re.compile(r",?\s(?:at\s)?\d{1,2}(?:[.:]\d\d)?\s?[ap]\.?m\.?\Z", re.IGNORECASE)
_COMPACT_DAY = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)")
# CIVIL APPEAL NO. 1234 OF 2021, FACV No. 5 of 2022
_OF_YEAR = re.compile(
    r"(?P<docket>(?:[a-z]{4,6}|[a-z ()]{0,30}(?:appeal|petition|action|suit|application|claim)s?"
    r"(?: \([a-z]+\))?) nos?\.? ?\d{1,6}(?:-\d{1,6})? of (?:19|20)\d\d)(?: \(.*\))?",
    re.IGNORECASE,
)
_ACTION = re.compile(r"(?P<docket>[A-Z]{3,6} ?\d{1,5}/(?:19|20)\d\d)")  # HCA 1234/2020
_NUMERIC_DAY = re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>(?:19|20)\d\d)")
_HEARING = re.compile(r"hear(?:d|ing)|argued|聆訊|審訊", re.IGNORECASE)


def english_judgment(opening: Opening) -> Metadata | None:
    """Name, date, court, docket and parties of a judgment; None for other texts."""
    head = opening.head[:_HEAD_LINES]
    match = _own_citation(head[:25])
    if not match:
        return None
    citation = match["citation"]
    caption = read_caption(head)
    name = case_name(caption, "訴" if caption and HAN_NAME.match(caption.parties[-1]) else "v")
    if match["name"]:  # the court's own short name
        name = match["name"].strip(" ,")
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


def _own_citation(lines: Sequence[str]) -> re.Match[str] | None:
    """The line that is the document's own citation, alone or behind its name."""
    decided = any(_OF_JUDGMENTS.fullmatch(line) or _OF_JUDGMENTS.match(line) for line in lines)
    for line in lines:
        match = _NEUTRAL_LINE.match(line)
        # The docket may follow on the same line; a sentence that opens with a citation is longer.
        if match and len(line) - match.end() <= _LONGEST_REST and (decided or not match["name"]):
            return match
    return None


def _court_of(citation: re.Match[str]) -> str:
    if citation["bare"]:
        return _COURTS_WITHOUT_BRACKETS[citation["bare"].upper()]
    code = citation["court"].upper()
    parts = ("division", "chamber", "unbracketed")
    chamber = next((citation[part] for part in parts if citation[part]), "").upper()
    name = _CHAMBERS.get(chamber, "")
    if code == "UKUT" and chamber == "TCC":  # the same letters are a court within the High Court
        name = _UPPER_TRIBUNAL_TCC
    return f"{_COURTS[code]} ({name})" if name else _COURTS[code]


def _case_number(head: Sequence[str]) -> str | None:
    for line in head:
        forms = (_CASE_NUMBER, _ACTION, _OF_YEAR)
        match = next(filter(None, (form.fullmatch(line) for form in forms)), None)
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
            if not day and match["day5"]:  # a heading may follow on the line of a PDF
                day = first_day(match["day5"][:_LONGEST_DAY])
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
    line = _CLOCK.sub("", line.strip())
    compact = _COMPACT_DAY.fullmatch(line)
    if compact:  # Canadian courts
        return whole_date("-".join(compact.groups()))
    match = _NUMERIC_DAY.fullmatch(line)
    if not match:
        return whole_date(re.sub(r"\Athe ", "", line))
    iso = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"
    return whole_date(iso)
