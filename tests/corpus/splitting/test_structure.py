"""Paragraphs, headings, lists and pages: what a lawyer would expect of each kind of text."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from corpus.models import Heading
from corpus.splitting.passages import split

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.models import Passage

HAN = (
    "出租伺服器的公司收到通知以後，應當先判斷通知是否完整，再把通知轉給承租人，"
    "並且保存轉交的紀錄；內容不完整的，應當立即請對方補正。"
)
LATIN = (
    "A company that rents out servers and receives a notice should first ask whether the notice is "
    "complete, and then pass it on to the lessee, keeping a record of what was sent and when. "
)


def _pins(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.pin for passage in passages]


def _starts(passages: tuple[Passage, ...], length: int = 6) -> list[str]:
    return [passage.text[:length] for passage in passages]


@pytest.mark.parametrize("separator", ["\n", "\n\n", "\r\n\r\n", "\n　　", "\n\n\n  "])
def test_each_paragraph_of_fair_size_is_a_passage(separator: str) -> None:
    """Paragraphs are separated by blank lines or by line ends, as the text has it."""
    passages = split(separator.join([HAN] * 4))
    assert [passage.text for passage in passages] == [HAN] * 4
    assert _pins(passages) == ["¶ 1", "¶ 2", "¶ 3", "¶ 4"]


def test_lines_wrapped_at_a_width_are_one_paragraph() -> None:
    """Line ends that the width of the column made end no paragraph."""
    text = dedent("""\
        The company rents out servers. It received three letters in all and
        took the view that none of them said enough about the work for it
        to act on them, which is what the dispute is about, and has been so
        since the first of them came.
        The second paragraph follows directly and is wrapped at about the
        same width as the first one was, so that lines of nearly the same
        width make up one paragraph, however many of them there may be.
        """)
    passages = split(text)
    assert _pins(passages) == ["¶ 1", "¶ 2"]
    assert _starts(passages, 10) == ["The compan", "The second"]


def test_a_heading_opens_its_passage_and_is_context_for_the_next() -> None:
    """Short lines that stand alone are headings; they nest; they are no paragraphs of a pin."""
    lines = ["總論標題", "案件背景", HAN, HAN, "一、裁判理由", HAN, HAN, "評析", HAN]
    text = "\n\n".join(lines)
    passages = split(text)
    assert _starts(passages) == ["總論標題\n\n", HAN[:6], "一、裁判理由", HAN[:6], "評析\n\n出租"]
    assert _pins(passages) == ["¶ 1", "¶ 2", "一、", "一、", "¶ 5"]
    assert [passage.heading for passage in passages] == [
        "",
        "案件背景",
        "案件背景",
        "案件背景 › 一、裁判理由",
        "",
    ]


def test_given_headings_are_believed_and_nest_by_level() -> None:
    """Where the format marks headings, other short lines are none, and the title is no context."""
    lines = ["Title", "Outer", "Inner", LATIN, "Not a heading", LATIN, "Outer two", LATIN, LATIN]
    levels = {"Title": 1, "Outer": 2, "Inner": 3, "Outer two": 2}
    text = "\n\n".join(lines)
    headings = [
        Heading(found.start(), found.end(), levels[found[0]])
        for found in re.finditer(r"^(Title|Outer|Inner|Outer two)$", text, re.MULTILINE)
    ]
    passages = split(text, headings=headings)
    assert [passage.heading for passage in passages] == ["", "Outer › Inner", "", "Outer two"]
    assert _pins(passages) == ["¶ 1", "¶¶ 2–3", "¶ 4", "¶ 5"]


def test_markdown_marks_are_not_quoted_before_a_heading() -> None:
    """`##` and the lines under a heading are marks, not words."""
    passages = split(
        f"{LATIN}\n\n## Why it matters ##\n\n{LATIN}\n\n{LATIN}\n\nLast\n----\n\n{LATIN}"
    )
    assert passages[1].text.startswith("Why it matters")
    assert passages[2].heading == "Why it matters"


@pytest.mark.parametrize(
    "line",
    [
        "2021-02-08 人民網",
        "來源：人民網 2021年2月8日",
        "(責編:某甲)",
        "• 標題行",
        "https://example.org/a",
        "| 甲 | 乙 |",
        "and so on",
        "他說了一句話。",
        "12",
    ],
)
def test_what_is_no_heading(line: str) -> None:
    """Date lines, credits, bullets, addresses, table rows and sentences title nothing."""
    passages = split(f"{HAN}\n\n{line}\n\n{HAN}\n\n{HAN}")
    assert {passage.heading for passage in passages} == {""}


def test_title_date_and_standfirst_are_one_passage() -> None:
    """What little stands above the first heading joins the text below."""
    passages = split(f"判決摘要？\n\n2019-06-20 某報\n\n案情\n\n{HAN}\n\n{HAN}")
    assert passages[0].text.endswith(HAN)
    assert _pins(passages) == ["¶¶ 1–2", "¶ 3"]


def test_a_bullets_title_and_its_body_are_one_passage_each() -> None:
    """An item whose first line titles the indented rest is quoted by itself, even if short."""
    items = [f"  • 短標題{number}\n    {HAN}" for number in range(3)]
    short = "  • 另一個標題\n    內文雖短，仍比標題長得多，所以自成一段。"
    passages = split("相關報導\n\n" + "\n".join([*items, short]) + "\n")
    assert [passage.text.split("\n")[0] for passage in passages] == [
        "相關報導",
        "• 短標題1",
        "• 短標題2",
        "• 另一個標題",
    ]


def test_a_list_stays_with_its_lead_in() -> None:
    """The line that announces a list, the items and their own parts are one passage if they fit."""
    items = ["一、權利人是誰。", "（一）身分。", f"（二）{HAN}", "二、內容在哪裡。"]
    passages = split("\n\n".join([HAN, "應當審查下列事項：", *items, HAN]))
    assert _pins(passages) == ["¶ 1", "一、–二、", "¶ 7"]


def test_a_list_that_is_too_long_is_cut_between_items() -> None:
    """Items with their parts stay whole, and the lead-in goes with the first."""
    items = [f"{number}. {LATIN}\n   (a) {LATIN}" for number in range(1, 7)]
    passages = split("The following applies:\n" + "\n".join(items))
    assert len(passages) > 1
    assert passages[0].text.startswith("The following applies:\n1. ")
    for passage in passages[1:]:
        assert re.match(r"\d\. ", passage.text)
        assert "(a)" in passage.text


def test_a_speaker_stays_with_what_is_said() -> None:
    """A line that ends in a colon introduces the next, a question its answer."""
    passages = split(f"{HAN}\n\n審判長：\n\n{HAN}\n\nQ: {LATIN}\n\nA: {LATIN}\n\n{HAN}")
    assert _pins(passages) == ["¶ 1", "¶¶ 2–3", "¶¶ 4–5", "¶ 6"]


def test_a_credit_joins_what_it_closes() -> None:
    """An editor's name in brackets belongs to the paragraph above, not to the one below."""
    passages = split(f"{HAN}\n\n{HAN}\n\n(責編:某甲)\n\n{HAN}")
    assert _pins(passages) == ["¶ 1", "¶¶ 2–3", "¶ 4"]


def test_sentences_are_not_cut_at_abbreviations_or_decimals() -> None:
    """`v.`, `No.`, `Co., Ltd.`, `Art.` and 3.5 end no sentence; closing quotes stay with theirs."""
    sentence = 'In Smith v. Jones Co., Ltd., No. 12, it was 3.5 times Art. 36, or "so they said." '
    passages = split(sentence * 40)
    assert len(passages) > 1
    assert all(passage.text.startswith("In Smith") for passage in passages)
    assert all(passage.text.endswith('said."') for passage in passages)


def test_pages_are_named_with_the_paragraph_on_the_page() -> None:
    """`p. 2 ¶ 1`, counted anew on each page; `pp. 2–3` where a passage runs over."""
    paragraphs = [HAN] * 5
    text = "\n\n".join(paragraphs)
    third, fifth = text.index(HAN, 2 * len(HAN)), text.rindex(HAN)
    middle = fifth - len(HAN) // 2
    passages = split(text, page_starts=(0, third, middle))
    assert _pins(passages) == ["p. 1 ¶ 1", "p. 1 ¶ 2", "p. 2 ¶ 1", "pp. 2–3", "p. 3 ¶ 2"]
    assert [passage.page for passage in passages] == [1, 1, 2, 2, 3]


@pytest.mark.shared
def test_the_news_report_is_split_as_it_reads(shared: Path) -> None:
    """Every long paragraph is its own passage, every related item with its title too."""
    text = next((shared / "seeds").glob("*.txt")).read_text(encoding="utf-8")
    report, related = text.split("相關焦點")
    passages = split(text)
    texts = [passage.text for passage in passages]
    long = [block.strip() for block in re.split(r"\n\s*\n", report) if len(block.strip()) >= 60]
    holders = [[at for at, quoted in enumerate(texts) if block in quoted] for block in long]
    assert all(len(at) == 1 for at in holders)
    assert len({at[0] for at in holders}) == len(long)
    items = [block.strip() for block in re.split(r"^\s*(?=•)", related, flags=re.MULTILINE)]
    assert [
        quoted.removeprefix("相關焦點").strip() for quoted in texts[-len(items[1:]) :]
    ] == items[1:]
    assert texts[0].startswith("阿里雲如何")
    assert "2021-02-08" in texts[0]


def test_a_clauses_heading_may_stand_directly_above_its_text() -> None:
    """In a contract each numbered heading opens the passage of its clauses; lists have none."""
    clauses = [f"一、標的\n1. {HAN}\n2. {HAN}", f"二、通知\n{HAN}", f"三、其他\n{HAN}\n{HAN}"]
    passages = split("\n\n".join(["租賃契約", f"甲方：某公司\n乙方：某公司\n\n{HAN}", *clauses]))
    assert _starts(passages, 4) == [
        "租賃契約",
        "一、標的",
        "2. 出",
        "二、通知",
        "三、其他",
        HAN[:4],
    ]
    assert [passage.heading for passage in passages] == ["", "", "一、標的", "", "", "三、其他"]
    listed = split(f"{HAN}\n\n一、身分\n\n二、權屬\n\n三、位置\n\n{HAN}\n\n{HAN}")
    assert {passage.heading for passage in listed} == {""}


def test_a_few_lines_of_like_width_are_not_wrapped() -> None:
    """Parties, dates and the like under each other stay paragraphs of their own."""
    text = f"{HAN}\n\n甲方（出租方）：某某計算公司\n乙方（承租方）：某某科技公司\n\n{HAN}"
    assert _pins(split(text)) == ["¶ 1", "¶¶ 2–4"]


def test_what_stands_in_a_passage_is_not_its_context_too() -> None:
    """A heading that the passage quotes is not repeated above it."""
    text = f"Part one\n\nBrief.\n\nSection a\n\n{LATIN}\n\nPart two\n\n{LATIN}"
    levels = {"Part one": 1, "Section a": 2, "Part two": 1}
    headings = [Heading(text.index(t), text.index(t) + len(t), n) for t, n in levels.items()]
    assert [passage.heading for passage in split(text, headings=headings)] == ["", ""]
