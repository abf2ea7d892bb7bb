"""Numbers that Word shows and keeps beside the text are read as part of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.readers.docx_numbering import han, roman
from corpus.reading.read import read
from tests.corpus.readers.docx_making import of_xml, p, r, typed


def level(number: int, form: str, text: str) -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


NUMBERING = (
    f'<w:abstractNum w:abstractNumId="1">{level(0, "chineseCountingThousand", "第%1条")}'
    f"{level(1, 'decimal', '(%2)')}</w:abstractNum>"
    f'<w:abstractNum w:abstractNumId="2">{level(0, "upperRoman", "%1.")}'
    f"{level(1, 'lowerLetter', '%1.%2')}</w:abstractNum>"
    '<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="6"><w:abstractNumId w:val="2"/></w:num>'
)


def item(text: str, number_id: int, depth: int = 0) -> str:
    numbered = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number_id}"/></w:numPr>'
    return p(r(text), properties=numbered)


def test_numbers_that_word_shows_are_part_of_the_text() -> None:
    """Articles and clauses keep their numbers, each list and level for itself."""
    body = (
        item("总则", 5)
        + item("定义", 5, 1)
        + item("范围", 5, 1)
        + item("责任", 5)
        + item("期限", 5, 1)
        + item("Scope", 6)
        + item("Terms", 6, 1)
    )
    assert of_xml(body, numbering=NUMBERING).text.split("\n\n") == [
        "第一条 总则",
        "(1) 定义",
        "(2) 范围",
        "第二条 责任",
        "(1) 期限",
        "I. Scope",
        "I.a Terms",
    ]


def test_numbered_articles_become_pins() -> None:
    """A contract whose articles are numbered by Word is cited by them."""
    body = "".join(item(f"{words}。{'服务器的内容由承租人负责。' * 6}", 5) for words in "甲乙丙丁")
    found = of_xml(body, numbering=NUMBERING)
    content = typed(*found.text.split("\n\n"))
    assert [passage.pin for passage in read(content, "a.docx").passages] == [
        "第一条",
        "第二条",
        "第三条",
        "第四条",
    ]


@given(st.integers(1, 9999))
def test_numbers_in_characters_and_in_roman_come_back(number: int) -> None:
    """Counting with the characters' values gives the number again, by a slow plain reading."""
    total, digit = 0, 0
    for character in han(number):
        unit = {"十": 10, "百": 100, "千": 1000}.get(character)
        if unit:
            total, digit = total + max(digit, 1) * unit, 0
        else:
            digit = "零一二三四五六七八九".index(character)
    assert total + digit == number
    if number < 4000:
        values = [
            {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}[c]
            for c in roman(number)
        ]
        assert number == sum(
            -value if value < max(values[at:]) else value for at, value in enumerate(values)
        )
