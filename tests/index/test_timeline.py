"""Dated sentences: any calendar and script, in order, verbatim; relative times are counted."""

from __future__ import annotations

import pytest

from corpus.models import Scope
from index.search import Searcher
from index.timeline import build_timeline
from tests.index.conftest import File
from tests.index.test_comparison import passages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019年3月5日，原告起訴。", [("2019-03-05", None)]),
        ("民國一百一十年四月二日訂約。", [("2021-04-02", None)]),
        ("The claim was filed on 7 May 2018.", [("2018-05-07", None)]),
        ("二〇一九年六月收到货款。", [("2019-06", None)]),
        ("自2019年1月1日起至2019年6月30日止。", [("2019-01-01", "2019-06-30")]),
        ("It was open from 1 May 2018 to 3 June 2019.", [("2018-05-01", "2019-06-03")]),
        ("Signed on 1 May 2018 and 3 June 2019.", [("2018-05-01", None), ("2019-06-03", None)]),
        ("2018年3月1日签约，同年5月2日付款。", [("2018-03-01", None), ("2018-05-02", None)]),
        ("The firm was founded in 1998.", [("1998", None)]),
        ("该公司于2015年成立。", [("2015", None)]),
        ("（2018）黔06民终609号判决生效。", []),
        ("次日，被告搬離。", []),
        ("Within ten days the goods arrived.", []),
        ("He pays 2019 crowns.", []),
    ],
)
def test_dates(text: str, expected: list[tuple[str, str | None]]) -> None:
    """Each date of a sentence is a row, a period is one."""
    rows = build_timeline(passages("A", text)).rows
    assert [(row.date, row.until) for row in rows] == expected
    assert all(row.text == text for row in rows)


def test_relative_times_are_counted() -> None:
    """Sentences with a relative time alone are left out, and told."""
    timeline = build_timeline(passages("A", "2019年3月5日訂約。次日付款。三日內交貨。貨物完好。"))
    assert ([row.date for row in timeline.rows], timeline.undated) == (["2019-03-05"], 2)


def test_a_blank_line_ends_a_sentence() -> None:
    """A title above a sentence is no part of it."""
    timeline = build_timeline(
        passages("A", "Lease\n\n1 May 2019\n\nThe rent is due\non 7 May 2019.")
    )
    assert [row.text for row in timeline.rows] == ["1 May 2019", "The rent is due\non 7 May 2019."]


def test_order_and_offsets(file: File, searcher: Searcher) -> None:
    """Rows of all documents in order of time; offsets are of the document; scopes hold."""
    file("2020年1月2日付款。", "2018年5月6日簽約。2019年交屋。", title="甲", matter="a")
    file("The keys were handed over on 9 June 2018.", title="乙", matter="b")
    rows = searcher.timeline(None, scope=Scope.all()).rows
    assert [row.date for row in rows] == ["2018-05-06", "2018-06-09", "2019", "2020-01-02"]
    library = searcher._library
    for row in rows:
        document = library.document_text(row.document_id, Scope.all()).text
        assert document[row.start : row.end] == row.text
    assert [row.title for row in searcher.timeline(None, scope=Scope.of("b")).rows] == ["乙"]
    assert [row.date for row in searcher.timeline("keys", scope=Scope.all()).rows] == ["2018-06-09"]
    assert searcher.timeline("keys", scope=Scope.of("a")).rows == ()
