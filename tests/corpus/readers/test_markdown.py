from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import Metadata
from corpus.readers import markdown, plain
from corpus.reading.read import read


def headings(text: str) -> list[tuple[str, int]]:
    found = markdown.read(text.encode(), "a.md")
    return [(found.text[h.start : h.end], h.level) for h in found.headings]


FRONT = """---
title: "Why the \\"appeal\\" reversed"
date: 2019-06-25T10:00:00+08:00
publisher: South Daily # a paper
url: https://example.org/1
lang: zh-TW
tags: [a, b]
---

# The text

Body.
"""


def test_front_matter_is_metadata_and_no_text() -> None:
    """Quoted, commented and dated values are read as YAML has them."""
    found = markdown.read(FRONT.encode(), "a.md")
    assert found.text == "The text\n\nBody.\n"
    assert found.metadata == Metadata(
        'Why the "appeal" reversed',
        "2019-06-25",
        "South Daily",
        "https://example.org/1",
        "zh-TW",
    )


@pytest.mark.parametrize(
    ("front", "about"),
    [
        ('+++\ntitle = "题目"\ndate = 2019-06-20\n[a]\nb = 1\n+++\n', ("题目", "2019-06-20", None)),
        (
            "---\n标题: 题目\n来源: 人民网\n日期: 2019年6月20日\n---\n",
            ("题目", "2019-06-20", "人民网"),
        ),
        ("---\ntitle: 'It''s'\nauthor: Lee\n---\n", ("It's", None, "Lee")),
        ("---\r\ntitle: x y\r\n---\r\n", ("x y", None, None)),
        ("\ufeff---\ntitle: x y\n---\n", ("x y", None, None)),
    ],
)
def test_forms_of_front_matter(front: str, about: tuple[str | None, ...]) -> None:
    """YAML in two languages, TOML, other line ends, a byte-order mark."""
    found = markdown.read(f"{front}Body.".encode(), "a.md")
    assert found.text == "Body."
    assert (found.metadata.title, found.metadata.date, found.metadata.publisher) == about


@pytest.mark.parametrize(
    "text",
    ["---\n\nA rule, then text.\n\n---\n\nMore.", "---\ntitle: never closed\n\nText.", "text"],
)
def test_what_is_no_front_matter_stays(text: str) -> None:
    """Nothing of a text between two rules is lost."""
    assert markdown.read(text.encode(), "a.md").text == text


def test_an_address_that_is_none_is_left_out() -> None:
    """Only what a browser would open."""
    content = b"---\ntitle: x y\nurl: javascript:alert(1)\n---\nBody."
    assert markdown.read(content, "a.md").metadata.url is None


def test_headings_of_both_kinds() -> None:
    """`#` lines with their level, underlined lines; marks are no part of them."""
    text = "# One #\n\nTwo\n===\n\nThree\n---\n\n  ### Four\ntext\n#no heading\n####### seven\n"
    assert headings(text) == [("One", 1), ("Two", 1), ("Three", 2), ("Four", 3)]


def test_code_and_rules_hold_no_headings() -> None:
    """Fenced code is text, and so is a rule below a list or an empty line."""
    assert headings("```sh\n# comment\n```\n\n~~~\n# x\n```\n# y\n~~~\n# Real") == [("Real", 1)]
    assert headings("- item\n---\n\n---\n\n> quote\n---\n") == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("## **1.** <span id='1'>Term</span> ##\n\nText.", "1. Term\n\nText."),
        (
            "<!-- lint off -->\n\nA clause<!-- note\nof two lines --> goes on.",
            "\nA clause\n goes on.",
        ),
        ("It was <!-- never closed", "It was <!-- never closed"),
        ("See [the *order*](#order) and [us](https://example.org).", "See the order and us."),
        ("2 * 3 * 4 and a \\* star, `**code**`", "2 * 3 * 4 and a * star, **code**"),
        ("```\n**as it is** <!-- too -->\n```", "```\n**as it is** <!-- too -->\n```"),
        ('<a name="x"></a>\nText<br/>here.', "Text here."),
    ],
)
def test_marks_are_not_quoted(written: str, shown: str) -> None:
    """Comments, tags, emphasis and links leave their words; fenced code stays."""
    assert markdown.read(written.encode(), "a.md").text == shown


def test_marks_are_read_in_linear_time() -> None:
    """Openings that are never closed do not make the reader slow."""
    for odd in ("**a", "[a](", "<span ", "<!--", "*a", "`" * 3 + "\n"):
        markdown.read((odd * 40_000).encode(), "a.md")


@given(st.lists(st.sampled_from(["# a", "text", "", "```", "---", "- b", "### c", "==="])))
def test_headings_lie_on_their_lines(lines: list[str]) -> None:
    """Whatever the lines: spans in order, on one line each, with words."""
    text = "\n".join(lines)
    found = markdown.read(text.encode(), "a.md")
    end = 0
    for heading in found.headings:
        assert end <= heading.start < heading.end
        assert re.fullmatch(r"\S(.*\S)?", found.text[heading.start : heading.end])
        end = heading.end


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('1. <span class="h" id="8.3">Cap.</span>  **No party** pays', "1. Cap.  No party pays"),
        ("see [clause 4](#four) and ![a seal](s.png)", "see clause 4 and a seal"),
        ("the Act 1980<sup>12</sup> and x<sup></sup>", "the Act 1980[12] and x"),
        ("signed by <Company Name> for <b>Acme</b>", "signed by <Company Name> for Acme"),
        (r"1\. A \* B &amp; C", "1. A * B & C"),
        ("By: ______ Name: ______", "By: ______ Name: ______"),
        ("2 * 3 * 4 < 5 and snake_case_name", "2 * 3 * 4 < 5 and snake_case_name"),
        ("    2. __nested__ item", "    2. nested item"),
        ("第三條　**租金**每月`一萬`元", "第三條　租金每月一萬元"),
        ("a\n<!-- FORCE\nBREAK -->\nb <!-- c --> d", "a\nb  d"),
        ("```\n**code** <b>\n```", "```\n**code** <b>\n```"),
        ("### **Nine** <i>lives</i>", "Nine lives"),
    ],
)
def test_inline_marks_follow_commonmark(written: str, shown: str) -> None:
    """What a reader sees stays; emphasis, links, tags, comments and escapes go, blanks stay."""
    assert markdown.read(written.encode(), "a.md").text == shown


def test_a_line_made_for_the_parser_is_left_as_it_is() -> None:
    """Marks by the hundred thousand cost no more than copying them."""
    line = "[" * 200_000
    assert markdown.read(line.encode(), "a.md").text == line


def test_plain_text_is_its_bytes_decoded() -> None:
    """And nothing else: no mark is read, no white space touched but line ends."""
    text = "# no heading\r\n\r\n  法院\t认为 \r\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
        found = plain.read(text.encode(encoding), "a.txt")
        assert found.text == text.replace("\r\n", "\n")
        assert not found.headings


def test_a_readable_passage_of_markdown_shows_no_marks_before_its_heading() -> None:
    """`##` is left out where a passage opens with it, and offsets hold."""
    body = "The court of appeal held that a lessor is not liable. " * 8
    reading = read(f"# A title\n\n## One\n\n{body}\n\n## Two\n\n{body}".encode(), "a.md")
    assert [passage.text.split("\n")[0] for passage in reading.passages] == ["A title", "Two"]
    assert all(p.text == reading.text[p.start : p.end] for p in reading.passages)
