"""Citations to copy: the exact form in each style, whatever is missing, however long."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.citing.styles import COPY_LIMIT, cite
from corpus.language.lengths import shorten_middle, utf16_length
from corpus.models import DocumentRecord, PassageRecord
from tests.corpus.recorded import RECORD

DOCUMENT = replace(
    RECORD,
    title="阿里雲如何撥開侵權「烏雲」?",
    date="2021-02-08",
    publisher="人民網",
    url="https://example.org/a",
    language="zh-Hant",
)
BRIEF = replace(
    DOCUMENT, title="Brief for the client", publisher="Pincite casefile", language="en", url=None
)


def _passage(pin: str = "¶ 4") -> PassageRecord:
    return PassageRecord(
        key=1,
        document_id=DOCUMENT.id,
        ordinal=4,
        start=0,
        end=1,
        text="x",
        pin=pin,
        page=None,
        heading="",
        title=DOCUMENT.title,
        date=DOCUMENT.date,
        publisher=DOCUMENT.publisher,
        language=DOCUMENT.language,
    )


@pytest.mark.parametrize(
    ("document", "pin", "expected"),
    [
        (
            DOCUMENT,
            "¶ 4",
            (
                "《阿里雲如何撥開侵權「烏雲」?》，人民網，2021-02-08，¶ 4 [K7Q2M3PD-4]",
                "人民網. 阿里雲如何撥開侵權「烏雲」?[EB/OL]. 2021: ¶ 4(2021-02-08). https://example.org/a.",
                "阿里雲如何撥開侵權「烏雲」?, 人民網 (Feb. 8, 2021), ¶ 4, https://example.org/a",
            ),
        ),
        (
            BRIEF,
            "¶¶ 4–6",
            (
                "Brief for the client, Pincite casefile, 2021-02-08, ¶¶ 4–6 [K7Q2M3PD-4]",
                "Pincite casefile. Brief for the client[Z]. 2021-02-08: ¶¶ 4–6.",
                "Brief for the client, Pincite casefile (Feb. 8, 2021), ¶¶ 4–6",
            ),
        ),
        (
            replace(
                DOCUMENT,
                title="北京知识产权法院（2017）京73民终1194号民事判决书",
                publisher="北京知识产权法院",
                date="2019-06-20",
                url=None,
            ),
            "p. 3 ¶ 2",
            (
                (
                    "《北京知识产权法院（2017）京73民终1194号民事判决书》，2019-06-20，"
                    "p. 3 ¶ 2 [K7Q2M3PD-4]"
                ),
                (
                    "北京知识产权法院. 北京知识产权法院（2017）京73民终1194号民事判决书[Z]. "
                    "2019-06-20: p. 3 ¶ 2."
                ),
                "北京知识产权法院（2017）京73民终1194号民事判决书 (June 20, 2019), p. 3 ¶ 2",
            ),
        ),
        (
            replace(BRIEF, title="Lease v2.1 final.docx", publisher=None, date=None),
            "Article 3",
            (
                "Lease v2.1 final, Article 3 [K7Q2M3PD-4]",
                "Lease v2.1 final[Z]. Article 3.",
                "Lease v2.1 final, Article 3",
            ),
        ),
        (
            replace(DOCUMENT, publisher="人民日报", url=None, title="判决"),
            "p. 3",
            (
                "《判决》，人民日报，2021-02-08，p. 3 [K7Q2M3PD-4]",
                "判决[N]. 人民日报, 2021-02-08: p. 3.",
                "判决, 人民日报 (Feb. 8, 2021), p. 3",
            ),
        ),
        (
            replace(BRIEF, publisher="People's Daily", date="2021-02-08", url="https://e.org/b"),
            "¶ 1",
            (
                "Brief for the client, People's Daily, 2021-02-08, ¶ 1 [K7Q2M3PD-4]",
                "Brief for the client[N/OL]. People's Daily, 2021-02-08: ¶ 1. https://e.org/b.",
                "Brief for the client, People's Daily (Feb. 8, 2021), ¶ 1, https://e.org/b",
            ),
        ),
        (
            replace(DOCUMENT, title="民法典", publisher=None, date=None, url=None),
            "第三十六條",
            (
                "《民法典》，第三十六條 [K7Q2M3PD-4]",
                "民法典[Z]. 第三十六條.",
                "民法典, 第三十六條",
            ),
        ),
    ],
)
def test_each_style_has_its_form(
    document: DocumentRecord, pin: str, expected: tuple[str, ...]
) -> None:
    """Web page, note, newspaper, newspaper on the web, statute: field by field."""
    names = ("plain", "gb7714", "bluebook")
    assert cite(_passage(pin), document) == dict(zip(names, expected, strict=True))


@pytest.mark.parametrize(
    ("date", "written"),
    [
        ("2019-06-20", "June 20, 2019"),
        ("2019-09", "Sept. 2019"),
        ("2019", "2019"),
        ("2019-13", "2019-13"),
    ],
)
def test_the_bluebook_writes_dates_as_far_as_known(date: str, written: str) -> None:
    """Months as in the Bluebook's table T.12; a date that is none is left as it is."""
    assert f"({written})" in cite(_passage(), replace(BRIEF, date=date))["bluebook"]


OPTIONAL = st.none() | st.sampled_from(["Pincite casefile", "人民日报", "人民網"])


@given(
    publisher=OPTIONAL,
    date=st.sampled_from([None, "2019", "2019-06", "2019-06-20"]),
    url=st.sampled_from([None, "https://example.org/a"]),
    language=st.sampled_from([None, "en", "zh-Hans"]),
)
def test_what_is_missing_leaves_no_punctuation(
    publisher: str | None, date: str | None, url: str | None, language: str | None
) -> None:
    """No separator stands twice, first or last, and no bracket is empty."""
    document = replace(BRIEF, publisher=publisher, date=date, url=url, language=language)
    cite_as = cite(_passage(), document)
    for text in cite_as.values():
        assert not re.search(
            r"[,，.:;]\s*[,，.:;]|\(\s*\)|\[\s*\]|\s[,，.:;)]|\s\s|^\W*[,，.:]", text
        )
        assert "None" not in text
        assert "¶ 4" in text
    assert cite_as["plain"].endswith("[K7Q2M3PD-4]")


@given(
    title=st.text(min_size=1, max_size=600),
    publisher=st.none() | st.text(max_size=400),
    url=st.none() | st.text(alphabet="abc/.", max_size=400).map("https://e.org/".__add__),
    language=st.sampled_from(["en", "zh-Hans"]),
)
def test_a_copy_button_holds_it(
    title: str, publisher: str | None, url: str | None, language: str
) -> None:
    """At most 256 UTF-16 units, pin and citation id never lost; without a limit nothing is."""
    document = replace(BRIEF, title=title, publisher=publisher, url=url, language=language)
    cite_as = cite(_passage("pp. 3–4"), document)
    for text in cite_as.values():
        assert len(text.encode("utf-16-le", "surrogatepass")) // 2 <= COPY_LIMIT
        assert "pp. 3–4" in text
    assert cite_as["plain"].endswith("[K7Q2M3PD-4]")
    assert " ".join(title.split()) in cite(_passage(), document, limit=None)["plain"]


@given(st.text(), st.integers(1, 80))
def test_shortening_keeps_both_ends(text: str, limit: int) -> None:
    """What fits is left alone; what does not begins and ends as it did, within the limit."""
    short = shorten_middle(text, limit)
    assert utf16_length(short) <= limit
    if utf16_length(text) <= limit:
        assert short == text
    else:
        opening, _, closing = short.rpartition("…") if text.count("…") == 0 else ("", "", "")
        assert text.startswith(opening)
        assert text.endswith(closing)


def test_shortening_cuts_no_character_in_two() -> None:
    """Emoji sequences and combining marks are kept or left out whole."""
    family = "👩\u200d👩\u200d👧"
    assert shorten_middle(family * 20, 30) in {
        f"{family * a}…{family * b}" for a in range(9) for b in range(9)
    }


@given(st.text())
def test_utf16_length_is_the_encoders(text: str) -> None:
    """As many units as the codec writes."""
    assert utf16_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2
