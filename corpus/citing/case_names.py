"""What is a case called in a citation, and how are courts and companies abbreviated there?

Captions name every party with its role; citations name the first one of each side. The sources are
OSCOLA (4th edition, 2.1), and the Bluebook's tables T1, T6, T7 and T10.
"""

from __future__ import annotations

import re
from typing import Final

from corpus.language.scripts import HAN

_ROLE: Final = re.compile(
    r"\s{0,40}\((?:(?:\d(?:st|nd|rd|th)|first|second|third|joint|proposed)\s){0,6}"
    r"(?:respondents?|appellants?|claimants?|defendants?|applicants?|petitioners?|plaintiffs?"
    r"|pursuers?|defenders?|intervenors?|interveners?|reclaimers?)"
    r"(?:\s?(?:[/-]|and)\s?\w+)?\)",
    re.IGNORECASE,
)
# Where an appeal came from, as the Supreme Court and the Privy Council print it after the name.
_FROM: Final = re.compile(
    r"\s{0,40}\((?:Scotland|Northern Ireland|England(?: and Wales)?|Wales|Jersey|Guernsey|Jamaica"
    r"|Trinidad and Tobago|Mauritius|The Bahamas|Bermuda|Cayman Islands|British Virgin Islands"
    r"|Isle of Man|Gibraltar)\)\s{0,40}\Z"
)
_FURTHER: Final = re.compile(
    r"(?:,?\s(?:and|&)\s(?:another|an?or\.?|others|ors\.?|\d{1,9} others)\b.*"
    r"|,?\s{0,20}et\.?\s?al\.?,?)\Z",
    re.IGNORECASE,
)
_VERSUS: Final = re.compile(r"\s{1,40}(?:v|vs|V|versus)\.?\s{1,40}")
_MATTER: Final = re.compile(r"in (?:re|the matter of)[:\s]\s*(?P<name>.+)", re.IGNORECASE)
_APPLICATION: Final = re.compile(
    r"(?:the (?:king|queen)|rex|regina|r) \(?on the application of:? (?P<name>.+?)\)?",
    re.IGNORECASE,
)
_DOCKET: Final = re.compile(r",?\s{1,20}(?:Case\s)?Nos?\.\s.*\Z")
_REVENUE: Final = re.compile(
    r"(?:The )?Commissioners (?:for|of) (?:H(?:is|er) Majesty['’]s|HM) Revenue (?:and|&) Customs",
    re.IGNORECASE,
)
_SMALL: Final = frozenset("of the and for in on to by with at or a an".split())
_BRITISH: Final = (
    (re.compile(r"\bPublic Limited Company\b"), "plc"),
    (re.compile(r"\bLimited\b|\bLtd\."), "Ltd"),
    (re.compile(r"\bCompany\b"), "Co"),
    (re.compile(r"\bCorporation\b|\bCorp\."), "Corp"),
    (re.compile(r"\bIncorporated\b|\bInc\."), "Inc"),
    (re.compile(r"\bPLC\b"), "plc"),
)
# Bluebook, T6: the words that party names use most.
_AMERICAN: Final = tuple(
    (re.compile(rf"\b(?:{words})(?![\w.])"), short)
    for words, short in (
        ("Association", "Ass’n"),
        ("Authority", "Auth."),
        ("Board", "Bd."),
        ("Brothers", "Bros."),
        ("Commission", "Comm’n"),
        ("Commissioner", "Comm’r"),
        ("Company", "Co."),
        ("Co", "Co."),
        ("Corporation", "Corp."),
        ("Corp", "Corp."),
        ("County", "Cnty."),
        ("Department", "Dep’t"),
        ("Development", "Dev."),
        ("District", "Dist."),
        ("Education", "Educ."),
        ("Federal", "Fed."),
        ("Government", "Gov’t"),
        ("Hospital", "Hosp."),
        ("Incorporated", "Inc."),
        ("Inc", "Inc."),
        ("Industries", "Indus."),
        ("Insurance", "Ins."),
        ("International", "Int’l"),
        ("Liability", "Liab."),
        ("Limited", "Ltd."),
        ("Ltd", "Ltd."),
        ("Litigation", "Litig."),
        ("Management", "Mgmt."),
        ("Manufacturing", "Mfg."),
        ("National", "Nat’l"),
        ("Products", "Prods."),
        ("Railroad", "R.R."),
        ("Service", "Serv."),
        ("Services", "Servs."),
        ("Society", "Soc’y"),
        ("System", "Sys."),
        ("Systems", "Sys."),
        ("University", "Univ."),
    )
)
_CIRCUITS: Final = {
    "first": "1st",
    "second": "2d",
    "third": "3d",
    "fourth": "4th",
    "fifth": "5th",
    "sixth": "6th",
    "seventh": "7th",
    "eighth": "8th",
    "ninth": "9th",
    "tenth": "10th",
    "eleventh": "11th",
    "federal": "Fed.",
    "district of columbia": "D.C.",
}
_STATES: Final = {
    "Alabama": "Ala.",
    "Alaska": "Alaska",
    "Arizona": "Ariz.",
    "Arkansas": "Ark.",
    "California": "Cal.",
    "Colorado": "Colo.",
    "Connecticut": "Conn.",
    "Delaware": "Del.",
    "District of Columbia": "D.C.",
    "Florida": "Fla.",
    "Georgia": "Ga.",
    "Hawaii": "Haw.",
    "Idaho": "Idaho",
    "Illinois": "Ill.",
    "Indiana": "Ind.",
    "Iowa": "Iowa",
    "Kansas": "Kan.",
    "Kentucky": "Ky.",
    "Louisiana": "La.",
    "Maine": "Me.",
    "Maryland": "Md.",
    "Massachusetts": "Mass.",
    "Michigan": "Mich.",
    "Minnesota": "Minn.",
    "Mississippi": "Miss.",
    "Missouri": "Mo.",
    "Montana": "Mont.",
    "Nebraska": "Neb.",
    "Nevada": "Nev.",
    "New Hampshire": "N.H.",
    "New Jersey": "N.J.",
    "New Mexico": "N.M.",
    "New York": "N.Y.",
    "North Carolina": "N.C.",
    "North Dakota": "N.D.",
    "Ohio": "Ohio",
    "Oklahoma": "Okla.",
    "Oregon": "Or.",
    "Pennsylvania": "Pa.",
    "Puerto Rico": "P.R.",
    "Rhode Island": "R.I.",
    "South Carolina": "S.C.",
    "South Dakota": "S.D.",
    "Tennessee": "Tenn.",
    "Texas": "Tex.",
    "Utah": "Utah",
    "Vermont": "Vt.",
    "Virginia": "Va.",
    "Washington": "Wash.",
    "West Virginia": "W. Va.",
    "Wisconsin": "Wis.",
    "Wyoming": "Wyo.",
}
# The longest first: West Virginia is not Virginia.
_STATE: Final = re.compile("|".join(sorted(_STATES, key=len, reverse=True)))
_DIRECTION: Final = re.compile(r"\b(Northern|Southern|Eastern|Western|Central|Middle) District\b")
_CIRCUIT: Final = re.compile(rf"\b(?:for the )?({'|'.join(_CIRCUITS)}) Circuit", re.IGNORECASE)
_KIND_AFTER_DOCKET: Final = re.compile(
    r"(?:(?:刑事附[带帶])?民事|刑事(?:附[带帶]民事)?|行政|[执執]行|(?:国家|司法)?[赔賠]偿)?"
    r"(?:判[决決](?:[书書])?|裁定(?:[书書])?|[调調]解[书書]|[决決]定[书書]|支付(?:令|命令))\Z"
)


def common_law_name(title: str, citation: str | None, docket: str | None = None) -> str:
    """`Sharp Corp Ltd v Viterra BV`: the first party of each side, without roles.

    title: the document's, with or without its neutral citation
    """
    name = title.replace(citation, " ") if citation else title
    if docket:
        name = re.sub(rf"\ACase {re.escape(docket)}\s*", "", name)
    sides = _sides(_FROM.sub("", _ROLE.sub("", _DOCKET.sub("", name))))
    return " v ".join(_abbreviated(_side(side), _BRITISH) for side in sides)


def american_name(title: str, court: str | None) -> str:
    """`St. Pierre v. Standard Ins. Co.`: after the Bluebook, rule 10.2 and table T6."""
    sides = [_american_side(side, court or "") for side in _sides(_DOCKET.sub("", title))]
    return " v. ".join(_abbreviated(side, _AMERICAN) for side in sides)


def american_court(court: str | None) -> str | None:
    """`5th Cir.`, `N.D. Cal.`, `Mo. Ct. App.`; None for a court that is not American.

    The empty string where a federal court does not say which it is.
    """
    state = _STATE.search(court or "")
    if not court or court.startswith("Supreme Court of the United States"):
        return "U.S." if court else None
    if court.startswith(("United States", "U.S.")):
        return _federal_court(court, _STATES[state[0]] if state else "")
    if not state:
        return None
    inner = "Ct. App." if "Appeal" in court else "Super. Ct." if "Superior" in court else ""
    if not inner and "Supreme" not in court:
        inner = "Ct."
    return " ".join(filter(None, (_STATES[state[0]], inner)))


def _federal_court(court: str, state: str) -> str:
    circuit = _CIRCUIT.search(court)
    if circuit:
        return f"{_CIRCUITS[circuit[1].lower()]} Cir."
    if not state:
        return ""
    direction = _DIRECTION.search(court)
    district = f"{direction[1][0]}.D." if direction else "D."
    bankruptcy = "Bankr. " if "Bankruptcy" in court else ""
    # Bluebook, rule 6.1(a): single capitals close up, longer abbreviations stand apart.
    gap = "" if re.fullmatch(r"(?:[A-Z]\.)+", state) else " "
    return f"{bankruptcy}{district}{gap}{state}"


def chinese_case(title: str, court: str | None, docket: str) -> str:
    """`贵州省铜仁市中级人民法院（2018）黔06民终609号民事判决书`, as such cases are cited.

    A title that does not hold the docket names the case, and stands before them.
    """
    compact = re.sub(rf"(?<=[{HAN}\d）)])\s+(?=[{HAN}\d（(])", "", title)
    before, found_docket, after = compact.partition(docket)
    if not found_docket:
        where = f"{court or ''}{docket}"
        return f"{compact}，{where}" if compact else where
    kind = _KIND_AFTER_DOCKET.search(after)
    # Some publishers write the case's name between number and kind.
    tail = kind[0] if kind else after
    return f"{before or court or ''}{docket}{tail}"


def _sides(name: str) -> list[str]:
    """The two sides of a case, or the one name of a matter."""
    return [side.strip(" ,;") for side in _VERSUS.split(name.strip(), maxsplit=1)]


def _side(side: str) -> str:
    """The first party of a side, as it is cited in common-law countries."""
    side = _FURTHER.sub("", " ".join(side.split()))
    side = _REVENUE.sub("HMRC", side)
    matter, application = _MATTER.fullmatch(side), _APPLICATION.fullmatch(side)
    if matter:
        return f"Re {matter['name']}"
    if application:
        return f"R ({_FURTHER.sub('', application['name'])})"
    side = re.sub(r"\Athe\s+", "", side, flags=re.IGNORECASE)
    return _titled(side) if side.islower() else side


def _titled(name: str) -> str:
    words = name.split()
    return " ".join(
        word if at and word in _SMALL else word[:1].upper() + word[1:]
        for at, word in enumerate(words)
    )


def _american_side(side: str, court: str) -> str:
    side = _FURTHER.sub("", " ".join(side.split()))
    matter = _MATTER.fullmatch(side)
    if matter:
        return f"In re {matter['name']}"
    # Rule 10.2.1(f): a state is `State` in its own courts and goes by its name in all others.
    state = re.fullmatch(r"(?:State|Commonwealth|People) of (?:the State of )?(.+)", side)
    if state and state[1] in _STATES:
        return side.split()[0] if state[1] in court else state[1]
    return re.sub(r"\AThe\s+", "", side)


def _abbreviated(name: str, table: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for words, short in table:
        name = words.sub(short, name)
    return name
