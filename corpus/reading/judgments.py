"""Is this a court's decision, and which? By the court and docket number that head it.

Mainland form: court, kind of decision and docket number on lines of their own, the date in
characters at the end. Taiwan's: court and kind on one line, docket number on the next.
"""

from __future__ import annotations

import re

from corpus.language.dates import find_dates
from corpus.language.scripts import HAN
from corpus.models import DocumentFacts, Metadata

_TOP_LINES = 12
_LAST_LINES = 40
_KIND = (
    r"(?:民事|刑事|行政|知識產權|知识产权|执行|執行|賠償|赔偿)*"
    r"(?:判决书|判決書|裁定书|裁定書|调解书|調解書|决定书|決定書|判決|裁定)"
)
_COURT = re.compile(rf"(?P<court>[{HAN}]{{2,30}}法院)(?P<kind>{_KIND})?(?:公报)?")
_KIND_ALONE = re.compile(_KIND)
_DOCKET = re.compile(
    rf"(?:[（(〔\[](?:19|20)\d\d[)）〕\]][{HAN}（）()\d]{{1,30}}?第?\d{{1,7}}(?:[-之]\d{{1,4}})?[号號]"
    rf"|\d{{2,3}}年度[{HAN}]{{1,12}}字第\d{{1,7}}[号號])"
)
_GAPS = re.compile(r"[\s\u3000]+")


def judgment_metadata(top: str, bottom: str) -> Metadata | None:
    """Title, date and court of a decision, from a text's first and last part; None for others."""
    lines = [_GAPS.sub("", line) for line in top.splitlines() if line.strip()][:_TOP_LINES]
    courts = [match for line in lines if (match := _COURT.fullmatch(line))]
    dockets = [line for line in lines if _DOCKET.fullmatch(line)]
    if not courts or not dockets:
        return None
    court = courts[0]["court"]
    kind = courts[0]["kind"] or next((line for line in lines if _KIND_ALONE.fullmatch(line)), "")
    facts = DocumentFacts(kind="judgment", court=court, docket=dockets[0])
    return Metadata(
        title=f"{court}{dockets[0]}{kind}", date=_signed(bottom), publisher=court, facts=facts
    )


def _signed(bottom: str) -> str | None:
    """The last line that is a whole date: where the judges sign."""
    for line in reversed(bottom.splitlines()[-_LAST_LINES:]):
        plain = _GAPS.sub("", line)
        dates = find_dates(plain) if len(plain) <= 20 else ()
        if dates and dates[0].start == 0 and dates[0].end == len(plain):
            return dates[0].iso if len(dates[0].iso) == len("2019-06-20") else None
    return None
