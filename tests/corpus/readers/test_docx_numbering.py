"""Numbers that Word shows and keeps beside the text are read as part of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.readers.docx_number_forms import han, roman
from corpus.reading.read import read
from tests.corpus.readers.docx_making import of_xml, p, r, table, typed


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


def lines(body: str, numbering: str, styles: str = "") -> list[str]:
    parts = {"numbering": numbering} | ({"styles": styles} if styles else {})
    return of_xml(body, **parts).text.split("\n\n")


def abstract(number: int, *levels: str, inside: str = "") -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{inside}{"".join(levels)}</w:abstractNum>'


def num(number: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def starts(level: int, value: int) -> str:
    return f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{value}"/></w:lvlOverride>'


PLAIN = abstract(1, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"))


def test_lists_of_one_definition_share_their_counter() -> None:
    """A list with a start of its own sets it once; the lists before and after go on from there."""
    numbering = PLAIN + num(1, 1) + num(2, 1, starts(0, 7))
    body = "".join(item("x", number) for number in (1, 1, 2, 2, 1, 2))
    assert lines(body, numbering) == ["1. x", "2. x", "7. x", "8. x", "9. x", "10. x"]


def test_a_list_that_only_looks_different_counts_on() -> None:
    """Levels of a list's own change how its numbers look, not what they are."""
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "lowerRoman", "(%1)")}</w:lvlOverride>'
    body = item("x", 1) + item("x", 2) + item("x", 1)
    assert lines(body, PLAIN + num(1, 1) + num(2, 1, own)) == ["1. x", "(ii) x", "3. x"]


def test_articles_run_on_through_chapters() -> None:
    """A level that never restarts, or only below a certain one, keeps its numbers."""
    runs_on = level(1, "decimal", "§%2").replace("<w:numFmt", '<w:lvlRestart w:val="0"/><w:numFmt')
    chapters = abstract(1, level(0, "upperRoman", "%1"), runs_on, level(2, "lowerLetter", "%3)"))
    body = "".join(item("x", 1, depth) for depth in (0, 1, 2, 2, 1, 0, 1, 2))
    assert lines(body, chapters + num(1, 1)) == [
        *("I x", "§1 x", "a) x", "b) x", "§2 x", "II x", "§3 x", "a) x"),
    ]
    third = level(2, "lowerLetter", "%3)").replace(
        "<w:numFmt", '<w:lvlRestart w:val="1"/><w:numFmt'
    )
    parts = abstract(1, level(0, "upperRoman", "%1"), level(1, "decimal", "%2"), third)
    body = "".join(item("x", 1, depth) for depth in (0, 1, 2, 1, 2, 0, 1, 2))
    assert [line.split()[0] for line in lines(body, parts + num(1, 1))] == [
        *("I", "1", "a)", "2", "b)", "II", "1", "a)"),
    ]


def test_a_deeper_level_that_comes_first_uses_up_the_upper_number() -> None:
    """The heading that follows 3.1 and 3.2 is number 4."""
    first = level(0, "decimal", "%1").replace('w:start w:val="1"', 'w:start w:val="3"')
    numbering = abstract(1, first, level(1, "decimal", "%1.%2")) + num(1, 1)
    body = "".join(item("x", 1, depth) for depth in (1, 1, 0, 1))
    assert lines(body, numbering) == ["3.1 x", "3.2 x", "4 x", "4.1 x"]


def test_cells_are_numbered_and_count() -> None:
    """Also cells that hold nothing but their number; a bilingual table counts each column."""
    numbering = PLAIN + abstract(2, level(0, "chineseCounting", "第%1條")) + num(1, 1) + num(2, 2)
    rows = table([item("Price", 1), item("價款", 2)], [item("", 1), item("交貨", 2)])
    assert lines(rows + item("Law", 1), numbering) == [
        "1. Price\t第一條 價款\n2.\t第二條 交貨",
        "3. Law",
    ]


def test_a_style_numbers_its_paragraphs() -> None:
    """The default style numbers what names none; a list says at which level a style stands."""
    linked = level(1, "lowerLetter", "(%2)").replace(
        "<w:numFmt", '<w:pStyle w:val="Sub"/><w:numFmt'
    )
    numbering = abstract(1, level(0, "decimal", "%1."), linked) + num(1, 1)
    numbered = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = (
        f'<w:style w:type="paragraph" w:default="1" w:styleId="N">{numbered}</w:style>'
        f'<w:style w:type="paragraph" w:styleId="Sub"><w:basedOn w:val="N"/>{numbered}</w:style>'
        '<w:style w:type="paragraph" w:styleId="Title"><w:basedOn w:val="N"/><w:pPr><w:numPr>'
        '<w:numId w:val="0"/></w:numPr></w:pPr></w:style>'
    )
    body = p(r("T"), properties='<w:pStyle w:val="Title"/>') + p(r("x"))
    body += p(r("y"), properties='<w:pStyle w:val="Sub"/>') + p(r("z"))
    assert lines(body, numbering, styles) == ["T", "1. x", "(a) y", "2. z"]


def test_what_tracked_changes_take_away_does_not_count() -> None:
    """A deleted paragraph, one that was moved away, and one that is hidden as a whole."""
    properties = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    gone = '<w:moveFrom w:id="1"><w:r><w:t>moved</w:t></w:r></w:moveFrom>'
    moved = p(gone, properties=f'{properties}<w:rPr><w:moveFrom w:id="2"/></w:rPr>')
    hidden = p(
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>",
        properties=f"{properties}<w:rPr><w:vanish/></w:rPr>",
    )
    body = item("x", 1) + moved + hidden + item("y", 1)
    assert lines(body, PLAIN + num(1, 1)) == ["1. x", "2. y"]


def field(instruction: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


@pytest.mark.parametrize(
    ("instruction", "marks"),
    [
        ("LISTNUM", ["1)", "2)", "3)"]),
        (r"LISTNUM NumberDefault \l 2 \s 3", ["c)", "c)", "c)"]),
        (r"LISTNUM LegalDefault \l 2", ["1.1.", "1.2.", "1.3."]),
        ('LISTNUM "Paras"', ["1.", "2.", "3."]),
        ("AUTONUM", ["1.", "2.", "3."]),
        ("AUTONUMLGL", ["1.", "2.", "3."]),
    ],
)
def test_numbering_fields_count(instruction: str, marks: list[str]) -> None:
    """Their numbers stand nowhere in the file; a name is that of a list of the document."""
    named = abstract(1, level(0, "decimal", "%1."), inside='<w:name w:val="Paras"/>')
    body = "".join(p(field(instruction), r(" x")) for _ in range(3))
    assert lines(body, named + num(1, 1)) == [f"{mark} x" for mark in marks]


def test_a_numbering_field_goes_on_in_the_list_of_its_paragraph() -> None:
    """One level deeper, or at the level that it names."""
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = p(r("x "), field("LISTNUM"), r(" y "), field("LISTNUM"), r(" z"), properties=numbered)
    body += p(field(r"LISTNUM Paras \l 1"), r(" w"))
    named = abstract(
        1,
        level(0, "decimal", "%1."),
        level(1, "lowerLetter", "(%2)"),
        inside='<w:name w:val="Paras"/>',
    )
    assert lines(body, named + num(1, 1)) == ["1. x (a) y (b) z", "2. w"]


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        ("ordinal", ["1st", "2nd", "3rd", "11th", "22nd"]),
        ("cardinalText", ["One", "Two", "Three", "Eleven", "Twenty-two"]),
        ("ordinalText", ["First", "Second", "Third", "Eleventh", "Twenty-second"]),
        ("koreanCounting", ["일", "이", "삼", "십일", "이십이"]),
        ("ganada", ["가", "나", "다", "카", "아"]),
        ("ideographZodiacTraditional", ["甲子", "乙丑", "丙寅", "甲戌", "乙酉"]),
        ("hebrew1", ["א", "ב", "ג", "יא", "כב"]),
        ("russianUpper", ["А", "Б", "В", "Л", "Ц"]),
        ("chicago", ["*", "†", "‡", "‡‡‡", "††††††"]),
        ("hex", ["1", "2", "3", "B", "16"]),
        ("decimalZero", ["01", "02", "03", "11", "22"]),
        ("upperLetter", ["A", "B", "C", "K", "V"]),
        ("ideographTraditional", ["甲", "乙", "丙", "11", "22"]),
        ("taiwaneseCountingThousand", ["一", "二", "三", "十一", "二十二"]),
        ("ideographLegalTraditional", ["壹", "貳", "參", "壹拾壹", "貳拾貳"]),
    ],
)
def test_forms_of_numbers(form: str, numbers: list[str]) -> None:
    """As Word writes them; a legal level turns those of all its levels into decimals."""
    body = "".join(item("x", 1) for _ in range(22))
    marks = [line.split()[0] for line in lines(body, abstract(1, level(0, form, "%1")) + num(1, 1))]
    assert [marks[at - 1] for at in (1, 2, 3, 11, 22)] == numbers
    legal = level(1, form, "%1.%2").replace("<w:lvlText", "<w:isLgl/><w:lvlText")
    mixed = abstract(1, level(0, "upperRoman", "%1"), legal) + num(1, 1)
    assert lines(item("x", 1) + item("y", 1, 1), mixed) == ["I x", "1.1 y"]


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


def test_a_list_that_starts_with_nought() -> None:
    """No letter stands for nought: it is written as a figure, where decimals have it anyway."""
    for form, mark in (("upperRoman", "0."), ("lowerLetter", "0."), ("decimal", "0.")):
        numbering = abstract(
            1, level(0, form, "%1.").replace('w:start w:val="1"', 'w:start w:val="0"')
        )
        assert lines(item("x", 1), numbering + num(1, 1)) == [f"{mark} x"]
