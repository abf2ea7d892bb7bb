"""Who stands against whom, as the head of a judgment or a court paper shows it?

`A v B` on one line; names, roles and `- and -` or `v.` on lines of their own; a table with the
roles at the right; an American box of brackets; `IN RE:`, `IN THE MATTER OF`, `Short Title:`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.language.scripts import HAN

_MOST_NAMES = 12
_LONGEST_NAME = 140
_MOST_LINES = 8
_ROLE_WORDS = (
    r"claimants?|defendants?|appellants?|respondents?|applicants?|petitioners?|plaintiffs?|pursuers?|defenders?"
    r"|appellees?|movants?|intervenors?|debtors?|relators?|reclaimers?|interveners?"
    r"|interested part(?:y|ies)"
    r"|third part(?:y|ies)|prosecutors?|cross-\w+|counter-?\w*|real part(?:y|ies) in interest"
)
_ORDINAL = r"(?:first|second|third|fourth|fifth|sixth|1st|2nd|3rd|\d{1,3}th|lead|joint|proposed)"
_ROLE = re.compile(
    rf"[….\s]{{0,60}}\(?(?:(?:the )?{_ORDINAL}(?: (?:to|and|&) {_ORDINAL})? ){{0,4}}"
    rf"(?:{_ROLE_WORDS})(?:\(s\))?"
    rf"(?:\s?[-–—/ ]\s?(?:and )?(?:{_ROLE_WORDS})){{0,6}}\)?[.,;:]{{0,20}}",
    re.IGNORECASE,
)
_ROLE_AT_END = re.compile(
    rf"(?:\t|,\s|(?<!\s)\s|(?=…))\(?{_ROLE.pattern}\s{{0,40}}\Z", re.IGNORECASE
)
_AGAINST = re.compile(r"[-–—\s.]*(?:v|vs|versus|and|against)[-–—\s.:]*", re.IGNORECASE)
_ONLY_V = re.compile(r"[-–—\s.]*(?:v|vs|versus|against)[-–—\s.]*|[訴诉對对]", re.IGNORECASE)
_HAN_AGAINST = tuple("訴诉對对")
# BETWEEN and AND may stand on the line of the name that they open.
_OPENS_SIDE = re.compile(r"(?P<word>BETWEEN|AND)\s?:?\s+(?P<name>[A-Z(].*)")
# What stands in a caption's right half: the number, and what the paper is.
_RIGHT_HALF = re.compile(
    r",?\s(?:(?:case |civil action |docket |index )?nos?\.\s?:?\s.*|re: .*)", re.IGNORECASE
)
_V_AND_RIGHT_HALF = re.compile(r"(?P<v>vs?\.)\s+[A-Z].*")
_CUT_TITLE = re.compile(r"\b(?:to|of|for|and|in|on|the|re)\Z", re.IGNORECASE)
_HAN_ROLE = re.compile(
    r"(?:第[一二三四五六]|共同)?(?:原告|被告|上訴|答辯|申請|呈請|索償|控訴|被上訴)人?[\s：:]{1,60}"
    r"|\s{1,60}[（(]?(?:第[一二三四五六])?(?:原告|被告|上訴|答辯|申請|呈請|索償|被上訴)人?[）)]?\Z"
)
_BETWEEN = re.compile(r"b\s?e\s?t\s?w\s?e\s?e\s?n\s?[:;]?-?", re.IGNORECASE)
_IN_RE = re.compile(r"in (?P<in>re|the matter of)\b\s?[:.]?\s*(?P<name>.*)", re.IGNORECASE)
_ONE_LINE = re.compile(
    r"(?:(?:re|short title|case name|case no\.? [\w:-]+,)\s?:?\s*)*(?P<first>\S.{1,120}?),?"
    r"(?:\s\((?P<role>[^()]{3,40})\))?,?\s(?:v|vs|versus)\.?\s(?P<second>\S.{1,160})",
    re.IGNORECASE,
)
_REGARDING = re.compile(r"(?:re|short title)\s?:\s*(?P<rest>.+)", re.IGNORECASE)
_BOX = re.compile(r"(?:^|\s{1,60})[)\]:|§](?:\s.*|$)")
_NUMBER_BEFORE = re.compile(r"^\(?\d{1,2}[.)]\s?")
_NUMBER_AFTER = re.compile(r"\s\(\d{1,2}\)\W*\Z")
_NUMBERED = re.compile(rf"{_NUMBER_BEFORE.pattern}|{_NUMBER_AFTER.pattern}")
_DOCKET_AFTER = re.compile(r",?\s(?:case )?nos?\.\s.*|\s\(arg\..*", re.IGNORECASE)
_CROWN = re.compile(r"(?:the )?(?:king|queen|crown)|rex|regina|r", re.IGNORECASE)
_ON_APPLICATION = re.compile(
    r"\(?(?:on the application of|ex parte)\b[:\s]*(?P<name>.*?)\)?", re.IGNORECASE
)
_END = re.compile(
    r"before\b|hearing|heard|date|judgment|decision|on appeal|appeal from|no\.|case"
    r"|representation|for the "
    r"|j\s?u\s?d\s?g\s?m\s?e\s?n\s?t\b"
    r"|counsel|.*\binstructed by\b|.*\bJudge\b|opinion|order|motion|re:|_+|[-=\s]{5,}",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?:,|\bv\.?|\band|\bof|\bNational)\Z")
_BRACKETS_AFTER = re.compile(r"(?:\s\([^()]{0,200}\)){1,6}\Z")
# Another case that a line quotes is not the document's own.
_NO_CASE = re.compile(
    r"\b(?:motion|pending|case nos|schedule|see|cited)\b|[.;]\Z(?<!al\.)(?<!Inc\.)", re.IGNORECASE
)
HAN_NAME = re.compile(f"[{HAN}]")
_NO_NAME = re.compile(
    r"jurisdiction\b|arising (?:out of|from)\b|\b(?:civil|criminal) (?:appeal|petition|action)\b"
    r"|\bcourt\b|tribunal|chamber|division|circuit\b|district of|\bnos?\b\.?\s?:?\s?\S*\d"
    r"|\A\d+ [A-Z][\w. ]{1,20} \d+\b"  # 987 F.3d 123
    r"|[:?]\Z|proceedings\Z|\bform\b"
    r"|\binstructions\b"
    # Judges, but not a Secretary of State for Justice.
    r"|^(?:mrs?|ms|lord|lady|h(?:is|er) honou?r|the honou?rable|sir|dame)\b.*"
    r"\b(?:justice|judge|LJ|J)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\((?:an?|the|by|formerly|trading|suing|acting|as|in|on behalf|incorporated)\b", re.IGNORECASE
)
_COURTS = re.compile(r"\bcourt\b|tribunal|chamber|division|circuit\b|district of", re.IGNORECASE)
_ET_AL = re.compile(r",?\s{0,20}et\.? al\.?", re.IGNORECASE)
_COMPANY = re.compile(r"\b(?:LIMITED|LTD|LLC|LLP|PLC|INC|CORP|CO|COMPANY|CORPORATION|GMBH|SA|AG)\b")
_SHORT_WORDS = frozenset(
    {"LTD", "INC", "CO", "HIS", "HER", "NEW", "BAY", "OLD", "ST", "MR", "MS", "DR", "JR", "SR"}
)
_SMALL_WORDS = frozenset("of the and for in on to by with de von van or a an et al".split())


@dataclass(frozen=True, slots=True)
class Caption:
    """The two sides, each with its names; the second is empty for a matter of one."""

    first: tuple[str, ...]
    second: tuple[str, ...] = ()
    verbatim: str = ""
    """The line that names both, where there is one."""

    @property
    def parties(self) -> tuple[str, ...]:
        """All names, first side first."""
        return (*self.first, *self.second)


def case_name(caption: Caption | None, versus: str) -> str:
    """`A and others v B`, as cases are cited; empty where no party is known."""
    if not caption:
        return ""
    if caption.verbatim:
        return caption.verbatim
    first, second = _side(caption.first), _side(caption.second)
    return f"{first} {versus} {second}" if second else first


def read_caption(lines: Sequence[str]) -> Caption | None:
    """The parties of a case from the lines at its head; the first caption among them counts."""
    between = _between(lines)
    if between:
        return between
    candidates = (_one_line(lines), _stacked(lines), _matter(lines))
    # Papers quote other cases in their titles, and schedules list them further down.
    placed = [candidate for candidate in candidates if candidate]
    return min(placed, key=lambda candidate: candidate[0])[1] if placed else None


def _side(names: Sequence[str]) -> str:
    if len(names) <= 1:
        return "".join(names)
    return f"{names[0]} and {'another' if len(names) == 2 else 'others'}"


def _between(lines: Sequence[str]) -> Caption | None:
    """After `BETWEEN`: names with roles, then `- and -`, then names with roles."""
    lines = list(_sides_apart(lines))
    start = next((at for at, line in enumerate(lines) if _BETWEEN.fullmatch(line)), None)
    if start is None:
        return None
    box = _Between()
    for line in lines[start + 1 : start + 1 + 4 * _MOST_NAMES]:
        if not box.read(line):
            break
    first, second = (tuple(side[:_MOST_NAMES]) for side in box.sides)
    return Caption(first, second) if first and second else None


def _sides_apart(lines: Sequence[str]) -> Iterator[str]:
    """The lines, with `BETWEEN` and `AND` before a name on lines of their own."""
    for line in lines:
        opens = _OPENS_SIDE.fullmatch(line) if len(line) <= _LONGEST_NAME else None
        yield from (opens["word"], opens["name"]) if opens else (line,)


class _Between:
    """The lines below `BETWEEN`, read one by one."""

    def __init__(self) -> None:
        self.sides: tuple[list[str], list[str]] = ([], [])
        self._side = self.sides[0]
        self._unfinished = ""
        self._aside = False
        """Within brackets that say more of the last name."""
        self._closed = False
        """The second side's role was read: only others with their roles may follow."""

    def read(self, line: str) -> bool:
        """Take a line; False where the parties end."""
        if self._aside or _ASIDE.match(line):
            self._aside = not line.endswith(")")
            return True
        second = self._side is self.sides[1] and bool(self._side)
        if _AGAINST.fullmatch(line):
            self._side = self.sides[1] if self.sides[0] else self.sides[0]
            self._unfinished = ""
        elif _ROLE.fullmatch(line):
            self._unfinished = ""
            self._closed = second
        elif second and (_END.match(line) or (self._closed and not self._goes_on(line))):
            return False
        else:
            self._closed = self._take(line) and self._side is self.sides[1]
        return True

    @staticmethod
    def _goes_on(line: str) -> bool:
        """Another party after a role: with its own, or numbered; not the first paragraph, `1.`"""
        numbered = line.startswith("(") and _NUMBERED.search(line)
        return not line.endswith(".") and bool(_ROLE_AT_END.search(line) or numbered)

    def _take(self, line: str) -> bool:
        """Add a name, or the rest of one; True where its role ends the line."""
        name, with_role = _name(line)
        application = _ON_APPLICATION.fullmatch(name)
        if application:
            name = f"R (on the application of {spell_name(application['name'])})"
            if self._side and _CROWN.fullmatch(self._side[-1]):
                self._side.pop()
        elif self._unfinished and not _NUMBERED.search(line):
            name = f"{self._unfinished} {name}"
            self._side.pop()
        if name:
            self._side.append(spell_name(name))
        # A long name goes on in the next line until its role, a number or the other side.
        self._unfinished = "" if with_role or _NUMBER_AFTER.search(line) else name
        return with_role


def _name(line: str) -> tuple[str, bool]:
    """A line's name without its number and role, and whether it had a role."""
    bare = _ROLE_AT_END.sub("", line)
    name = _NUMBERED.sub("", bare.strip(" \t,;")).strip(" \t,;")
    return name, bare != line


def _one_line(lines: Sequence[str]) -> tuple[int, Caption] | None:
    """`A (Respondent) v B (Appellant)`, also after `Re:` and over two lines."""
    for at, line in enumerate(lines):
        regarding = _REGARDING.fullmatch(line)
        # A subject that the column cut goes on in the next line.
        cut = regarding and at + 1 < len(lines) and _CUT.search(line)
        whole = f"{line} {lines[at + 1]}" if cut else line
        match = _ONE_LINE.fullmatch(whole) if len(whole) <= 2 * _LONGEST_NAME else None
        if not match or (_NO_CASE.search(line) and not regarding):
            continue
        first, second = match["first"], _DOCKET_AFTER.sub("", match["second"])
        if not (first[0].isupper() and second[0].isupper()) or _COURTS.search(first):
            continue
        names = (_bare(first), _bare(second))
        if match["role"]:
            return at, Caption(names[:1], names[1:], verbatim=whole)
        return at, Caption((spell_name(names[0]),), (spell_name(names[1]),))
    return None


def _bare(name: str) -> str:
    """A name without the roles in brackets after it."""
    return _BRACKETS_AFTER.sub("", name).strip(" ,;")


def _stacked(lines: Sequence[str]) -> tuple[int, Caption] | None:
    """Names above and below a line that is only `v.`; what is right of a box's edge is dropped."""
    boxed = _left_halves(lines)
    versus = (number for number, line in enumerate(boxed) if line and _ONLY_V.fullmatch(line))
    at = next(versus, None)
    if at is None:
        return None
    if boxed[at] in _HAN_AGAINST:
        return _han_stacked(lines, boxed, at)
    above = _names_above(boxed[max(0, at - _MOST_LINES) : at])
    below = _names_below(boxed[at + 1 : at + 1 + _MOST_LINES])
    if not above or not below:
        return None
    sides = [_side_of(names) for names in (above, below)]
    if any(len(name) > _LONGEST_NAME for side in sides for name in side):
        return None  # a form to be filled in, or running text
    return at - len(above), Caption(sides[0], sides[1])


def _han_stacked(lines: Sequence[str], boxed: Sequence[str], at: int) -> tuple[int, Caption] | None:
    """The line on either side of 訴, and those next to it that bear a role."""
    first, second = at - 1, at + 1
    while first > 0 and _HAN_ROLE.search(lines[first - 1]):
        first -= 1
    while second + 1 < len(lines) and _HAN_ROLE.search(lines[second + 1]):
        second += 1
    sides = boxed[first:at], boxed[at + 1 : second + 1]
    if not all(side and all(map(HAN_NAME.search, side)) for side in sides):
        return None
    above, below = (tuple(side[:_MOST_NAMES]) for side in sides)
    return first, Caption(above, below)


def _left_halves(lines: Sequence[str]) -> list[str]:
    """The lines of a caption without what stands right of the names."""
    halves: list[str] = []
    cut = False
    for line in lines:
        against = _V_AND_RIGHT_HALF.fullmatch(line)
        # What the paper is called goes on in the next line: `v. ORDER GRANTING MOTION TO`.
        halves.append(against["v"] if against else "" if cut else _left_half(line))
        cut = bool(against and _CUT_TITLE.search(line))
    return halves


def _left_half(line: str) -> str:
    """A line of a caption without what stands right of the names."""
    left = _RIGHT_HALF.sub("", _BOX.sub("", line)).strip()
    return _HAN_ROLE.sub("", left)


def _names_above(lines: Sequence[str]) -> list[str]:
    """The lines of the first side, from the nearest upwards to where the caption begins."""
    names: list[str] = []
    if lines and _CROWN.fullmatch(lines[-1]):
        return [lines[-1]]
    for line in reversed(lines):
        if _ROLE.fullmatch(line) or not line:
            if names and line:
                break
            continue
        if _NO_NAME.search(line) or len(line) > _LONGEST_NAME or (names and _IN_RE.match(line)):
            break
        names.insert(0, line)
    return names


def _names_below(lines: Sequence[str]) -> list[str]:
    names: list[str] = []
    for line in lines:
        if _ROLE.fullmatch(line) or _NO_NAME.search(line) or (names and _END.match(line)):
            break
        if line:
            names.append(line)
        if _ROLE_AT_END.search(line):
            break
    return names


def _side_of(lines: Sequence[str]) -> tuple[str, ...]:
    """Names may hold `and` and commas and take several lines, so that only semicolons are sure."""
    parts = " ".join(lines).split(";")
    names = (_crown(spell_name(_name(part)[0])) for part in parts)
    return tuple(name for name in names if name)[:_MOST_NAMES]


def _crown(name: str) -> str:
    return "R" if _CROWN.fullmatch(name) else name


def _matter(lines: Sequence[str]) -> tuple[int, Caption] | None:
    """`IN RE: NAME`, whose name may go on in the next lines, and `IN THE MATTER OF`."""
    for at, line in enumerate(lines):
        match = _IN_RE.fullmatch(_BOX.sub("", line))
        if not match:
            continue
        parts = [_DOCKET_AFTER.sub("", match["name"])]
        for below in lines[at + 1 : at + 5]:
            part = _DOCKET_AFTER.sub("", _BOX.sub("", below)).strip()
            ended = not part or _END.match(part) or _ROLE.fullmatch(part) or _NO_NAME.search(part)
            same_case = not parts[0] or part.isupper() == parts[0].isupper()
            if ended or not same_case or len(part) > _LONGEST_NAME:
                break
            parts.append(part)
            if not part.isupper() and not parts[-1].endswith(","):
                break
        name = " ".join(filter(None, parts)).strip(" ,.;:")
        if name:
            opening = "In re" if match["in"].lower() == "re" else "In the matter of"
            return at, Caption((f"{opening} {spell_name(name)}",))
    return None


def spell_name(name: str) -> str:
    """A name in capitals as it is written elsewhere; short words may be initials and stay."""
    name = " ".join(name.split())
    if not _ET_AL.sub("", name).isupper():
        return name
    company = bool(_COMPANY.search(name))
    words = name.split(" ")
    return " ".join(
        _spelt_word(word, first=at == 0, company=company) for at, word in enumerate(words)
    )


def _spelt_word(word: str, *, first: bool, company: bool) -> str:
    if word.lower().strip(".,") in _SMALL_WORDS:
        return word.capitalize() if first else word.lower()
    letters = re.sub(r"\W", "", word)
    # Of companies three letters are initials more often than a word, of people they are a name.
    initials = len(letters) <= (3 if company else 2) or not re.search("[AEIOUY]", letters)
    if initials and letters not in _SHORT_WORDS:
        return word
    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)?", lambda part: _capitalised(part[0]), word)


def _capitalised(word: str) -> str:
    if word.startswith("MC") and len(word) > 4:
        return f"Mc{word[2:].capitalize()}"
    head, apostrophe, name = word.partition("'")
    return f"{head}'{name.capitalize()}" if apostrophe and len(head) == 1 else word.capitalize()
