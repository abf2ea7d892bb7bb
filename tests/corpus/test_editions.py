"""Editions of laws: named by a file, and in force from a day. All laws are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.editions import edition_in_name, editions_in_force
from corpus.library import Library
from corpus.models import DocumentFacts, Edition, Scope
from tests.corpus.conftest import id_of, reading_of


@pytest.mark.parametrize(
    ("name", "edition"),
    [
        ("灯塔法(2018-10-26).md", Edition("", enacted="2018-10-26")),
        ("中华人民共和国灯塔法_20231229.docx", Edition("", enacted="2023-12-29")),
        ("灯塔法（2018修正）.pdf", Edition("2018修正", amended="2018")),
        ("灯塔法（2018年修订本）", Edition("2018修订", amended="2018")),
        ("Lighthouse Act (2018).txt", Edition("", enacted="2018")),
        ("灯塔法(2018-02-31).md", None),
        ("灯塔法(3).md", None),
        ("灯塔法.md", None),
    ],
)
def test_names_of_files(name: str, edition: Edition | None) -> None:
    """A day or a year at the end; what the calendar does not have is none."""
    assert edition_in_name(name) == edition


DAYS = st.dates().map(lambda day: day.isoformat())


@given(st.lists(DAYS, min_size=1, max_size=6, unique=True), DAYS)
def test_the_last_edition_that_has_started_is_in_force(starts: list[str], day: str) -> None:
    """As a search through all of them says; before the first one, none is."""
    facts = {
        str(number): DocumentFacts(
            "statute", work="灯塔法", edition=Edition("", enacted="1000-01-01", in_force=start)
        )
        for number, start in enumerate(starts)
    }
    begun = [start for start in starts if start <= day]
    expected = {"灯塔法": str(starts.index(max(begun)))} if begun else {}
    assert editions_in_force(facts, day) == expected


def test_a_files_name_counts_within_its_matter_only(library: Library) -> None:
    """The same bytes under another name behind a wall keep that name's day to themselves."""
    reading = reading_of("第一条 灯塔应当发光。", title="灯塔法")
    about = replace(reading.metadata, date=None, facts=DocumentFacts("statute", work="灯塔法"))
    reading = replace(reading, metadata=about)
    law = id_of(library.file(reading, matter="a", path="/灯塔法(2018-10-26).md"))
    library.file(reading, matter="b", path="/灯塔法.md")
    [key] = [passage.key for passage in library.document_passages([law])]
    for scope, date in ((Scope.of("a"), "2018-10-26"), (Scope.of("b"), None)):
        document = library.document(law, scope)
        assert document.date == date
        assert (document.facts.edition and document.facts.edition.date) == date
        assert library.passages_by_key([key], scope)[key].date == date
    assert library.document_facts([law])[law].edition is None
