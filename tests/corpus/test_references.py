"""References in passages lead to the place they name, in their document or in a law in scope."""

from __future__ import annotations

import hashlib

import pytest

from corpus.citing.ids import CitationId
from corpus.citing.mentions import find_mentions, path_of_pin
from corpus.library import Library
from corpus.models import DocumentFacts, Edition, Metadata, Passage, Reading, Scope
from corpus.references import PinIndex, ReferenceFinder, places, references_in
from tests.corpus.conftest import id_of


def _document(
    passages: list[tuple[str, str]],
    *,
    language: str = "zh-Hans",
    facts: DocumentFacts | None = None,
) -> Reading:
    """A reading whose passages have these pins and texts."""
    text = ""
    spans: list[Passage] = []
    for pin, words in passages:
        spans.append(Passage(len(spans) + 1, len(text), len(text) + len(words), words, pin))
        text += words + "\n\n"
    content = text.encode()
    return Reading(
        name="law.txt",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        media_type="text/plain",
        text=text,
        metadata=Metadata(title="x", language=language, facts=facts or DocumentFacts()),
        page_starts=(),
        passages=tuple(spans),
    )


def _led(
    library: Library, reading: Reading, ordinal: int, scope: Scope | None = None, matter: str = "a"
) -> list[tuple[str, str | None]]:
    """The words of each reference in a passage, and the pin or citation that it leads to."""
    document_id = id_of(library.file(reading, matter=matter, path=f"/{reading.sha256}"))
    within = scope or Scope.all()
    source = library.source(CitationId(document_id, ordinal), within)
    pins = {f"{document_id}-{each.ordinal}": each.pin for each in reading.passages}
    return [
        (
            source.passage.text[reference.start : reference.end],
            pins.get(reference.citation or "", reference.citation),
        )
        for reference in references_in(library, source, within)
    ]


MAINLAND = [
    ("第一条", "第一条　为了规范云产，制定本法。"),
    ("第二条第一款", "第二条　云产归国家所有。"),
    ("第二条第二款", "前款规定的云产，依照本法第一条办理。"),
    ("第三条", "第三条　有下列情形之一的，依照第二条第二款处理：\n\n（一）违反前条规定的；"),
    (
        "第四条",
        "第四条　前两条、第一条至第三条不适用于本条第一款的情形；依照《云籍法》第九条办理。",
    ),
]


def test_a_mainland_law_refers_to_itself(library: Library) -> None:
    """前款, 前条, 本法第X条, ranges and 款 lead to its articles; its own number leads nowhere."""
    law = _document(MAINLAND)
    assert _led(library, law, 1) == []
    assert _led(library, law, 3) == [("前款", "第二条第一款"), ("第一条", "第一条")]
    assert _led(library, law, 4) == [("第二条第二款", "第二条第二款"), ("前条", "第二条第一款")]
    assert _led(library, law, 5) == [
        ("前两条", "第二条第一款"), ("第一条", "第一条"), ("第三条", "第三条"),
        ("本条第一款", "第四条"), ("第九条", None),
    ]  # fmt: skip


def test_a_law_of_taiwan_refers_to_itself(library: Library) -> None:
    """前項, 前二條, inserted articles and lists of items."""
    law = _document(
        [
            ("第1條", "第 1 條\n雲產屬公有。"),
            (
                "第1-1條",
                "第 1-1 條\n前條雲產，依第二條第一項第二款至第四款處理。\n前項處理，另定之。",
            ),
            ("第2條第1項", "第 2 條\n一、云。"),
            ("第2條第2項", "依第一條之一及前項第三款者，準用前二條。"),
        ],
        language="zh-Hant",
    )
    assert _led(library, law, 2) == [
        ("前條", "第1條"), ("第二條第一項第二款", "第2條第1項"), ("第四款", "第2條第1項"),
        ("前項", "第1-1條"),
    ]  # fmt: skip
    assert _led(library, law, 4) == [
        ("第一條之一", "第1-1條"), ("前項第三款", "第2條第1項"), ("前二條", "第1條"),
    ]  # fmt: skip


def test_a_contract_refers_to_its_clauses(library: Library) -> None:
    """Clause, Section, lists and sub-clauses; another agreement's clause leads nowhere."""
    contract = _document(
        [
            ("§ 1.1", "“Fees” means the fees as defined in clause 2.1(a)."),
            ("§ 2.1(a)", "Fees are due under Sections 1.1 and 2.2, subject to Article 2."),
            ("§ 2.2", "As in clause 3 of the Master Lease, and Section 1.1 of this Agreement."),
        ],
        language="en",
    )
    assert _led(library, contract, 1) == [("clause 2.1(a)", "§ 2.1(a)")]
    assert _led(library, contract, 2) == [
        ("Sections 1.1", "§ 1.1"), ("2.2", "§ 2.2"), ("Article 2", "§ 2.1(a)")
    ]  # fmt: skip
    assert _led(library, contract, 3) == [("clause 3", None), ("Section 1.1", "§ 1.1")]


def test_a_judgment_refers_to_its_paragraphs_and_not_to_others(library: Library) -> None:
    """`see [2]` is its own; a pinpoint into another case, a year and a bare number are not."""
    judgment = _document(
        [
            ("[1]", "1. The facts are these."),
            ("[2]", "2. As I said (see [1]), and as paragraph 3 below shows, it fails."),
            ("[3]", "3. In Quill v Northgate [2001] UKHL 9, see [2], Lord X said so at para 2."),
        ],
        language="en",
    )
    assert _led(library, judgment, 2) == [("[1]", "[1]"), ("paragraph 3", "[3]")]
    assert _led(library, judgment, 3) == []


def test_a_named_law_is_found_within_the_scope_only(library: Library) -> None:
    """By full and short name, the edition in force; behind the wall there is no such law."""
    old = Edition("2001修订", amended="2001-01-01", in_force="2001-01-01")
    new = Edition("2011修订", amended="2011-01-01", in_force="2011-01-01")
    for number, edition in enumerate((old, new)):
        facts = DocumentFacts("statute", work="中华人民共和国云籍法", edition=edition)
        text = [("第一条", f"第一条　云籍{number}。"), ("第九条", "第九条　办理。")]
        library.file(_document(text, facts=facts), matter="law", path=f"/{number}")
    judgment = _document(
        [("¶ 1", "依照《云籍法》第九条、第一条，及根据云籍法第九条第二款之规定。")]
    )
    [in_force] = [
        each.id
        for each in library.documents(Scope.of("law"))
        if each.facts.edition and each.facts.edition.label == "2011修订"
    ]
    assert _led(library, judgment, 1) == [
        ("第九条", f"{in_force}-2"), ("第一条", f"{in_force}-1"), ("第九条第二款", f"{in_force}-2")
    ]  # fmt: skip
    led = _led(library, judgment, 1, Scope.of("a"))
    assert [citation for _, citation in led] == [None, None, None]


def test_articles_of_an_english_law(library: Library) -> None:
    """`Article 5(2) of the Cloud Act` from elsewhere, `Article 15-1` and lists within."""
    facts = DocumentFacts("statute", work="Cloud Act")
    act = _document(
        [
            ("Article 5(1)", "Article 5\nClouds are free."),
            ("Article 5(2)", "As in Articles 15-1 and 16."),
            ("Article 15-1", "See Article 5(2)."),
            ("Article 16", "Nothing."),
        ],
        language="en",
        facts=facts,
    )
    assert _led(library, act, 2) == [("Articles 15-1", "Article 15-1"), ("16", "Article 16")]
    assert _led(library, act, 3) == [("Article 5(2)", "Article 5(2)")]
    note = _document([("¶ 1", "Under Article 5(2) of the Cloud Act it is so.")], language="en")
    [(words, citation)] = _led(library, note, 1)
    assert words == "Article 5(2)"
    assert citation
    assert citation.endswith("-2")


def test_each_place_is_listed_once(library: Library) -> None:
    """Below a passage: the words of the first reference to each other passage."""
    law = _document(MAINLAND)
    document_id = id_of(library.file(law, matter="a", path="/x"))
    source = library.source(CitationId(document_id, 5), Scope.all())
    listed = places(source.passage, references_in(library, source, Scope.all()))
    assert listed == [
        ("前两条", f"{document_id}-2"),
        ("第一条", f"{document_id}-1"),
        ("第三条", f"{document_id}-4"),
    ]
    finder = ReferenceFinder(library, source.document, Scope.all())
    assert finder.references(source.passage) == references_in(library, source, Scope.all())


@pytest.mark.parametrize(
    ("pin", "first", "last"),
    [
        ("第三十九条第二款第（一）项", ("39", "2", "1"), ("39", "2", "1")),
        ("第六十七条第（一）项至第（八）项", ("67", "1"), ("67", "8")),
        ("第228-1條", ("228-1",), ("228-1",)),
        ("第九条至第十二条", ("9",), ("12",)),
        ("Article 38(5)–(6)", ("38", "5"), ("38", "6")),
        ("Terms § 3.3", ("3", "3"), ("3", "3")),
        ("§§ 11.13–11.14", ("11", "13"), ("11", "14")),
        ("[46]–[47]", ("46",), ("47",)),
    ],
)
def test_pins_are_paths(pin: str, first: tuple[str, ...], last: tuple[str, ...]) -> None:
    """Every form in which pins are stored, ranges included."""
    parsed = path_of_pin(pin)
    assert parsed
    assert parsed[2:] == (first, last)


@pytest.mark.parametrize(
    "pin", ["¶ 4", "p. 3 ¶ 2", "首部", "caption", "Fees!A12:F12", "四、㈢、", ""]
)
def test_other_pins_are_none(pin: str) -> None:
    """A page or a counted paragraph is no number of the document's own."""
    assert path_of_pin(pin) is None
    assert PinIndex([pin]).find("article", ("1",)) is None


@pytest.mark.parametrize(
    "text",
    [
        "第二条约",
        "at 5 p.m. on 3 May [2024]",
        "1,512 sections",
        "paragraph 3 of Lord X",
        "前项目",
        "",
    ],
)
def test_no_mention(text: str) -> None:
    """A treaty, an hour, a year, a count and a project are none."""
    assert find_mentions(text) == []


def test_long_texts_take_linear_time() -> None:
    """Hostile repetitions of openings end at once."""
    for unit in ("第", "第一", "《", "section ", "§ 1.", "[1]", "前", "Article I", "法"):
        find_mentions(unit * 20_000)


CONTRACT = [
    ("§ 1", "1. The keeper pays the levy of Schedule 1, as Annex II and the Schedule say."),
    ("§ 2", "2. Exhibits A and B-2 bind him; Schedule 7 to the Hive Act 2011 does not."),
    ("Contents", "Schedule 1 - The levy\nAnnex II"),
    ("Schedule 1 § 1", "SCHEDULE 1\nThe levy\n1. The levy is 240 crowns. See Exhibit A."),
    ("¶ 9", "Annex 2: Inspections\nThe warden inspects each spring."),
    ("¶ 11", "EXHIBIT A\nA drawing."),
]
CHARTER = [
    ("第一条", "第一条　桥费按照合同附件一计算，详见附件二第二条，另见附錄一。"),
    ("第二条", "第二条　《蜂场办法》附件一不适用。"),
    ("¶ 4", "附件一　桥费表"),
    ("第一条", "附件二：检查办法\n第一条　春季检查。"),
    ("第二条", "第二条　检查不收费。"),
    ("¶ 8", "附录1\n样表。"),
]


def test_schedules_are_followed(library: Library) -> None:
    """To where they begin, or to the article in them; what is not there leads nowhere."""
    contract = _document(CONTRACT, language="en")
    assert _led(library, contract, 1) == [("Schedule 1", "Schedule 1 § 1"), ("Annex II", "¶ 9")]
    assert _led(library, contract, 2) == [
        ("Exhibits A", "¶ 11"),
        ("B-2", None),
        ("Schedule 7", None),
    ]
    assert _led(library, contract, 4) == [("Exhibit A", "¶ 11")]
    charter = _document(CHARTER)
    document = id_of(library.file(charter, matter="a", path="/charter"))
    source = library.source(CitationId(document, 1), Scope.all())
    leads = [reference.citation for reference in references_in(library, source, Scope.all())]
    assert leads == [f"{document}-3", f"{document}-5", f"{document}-6"]
    assert _led(library, charter, 2) == [("附件一", None)]


@pytest.mark.parametrize(
    "text",
    [
        "The Schedule says so.",
        "They keep to the schedule 24 hours.",
        "附件请查收。",
        "attachment A1b",
    ],
)
def test_what_names_no_schedule(library: Library, text: str) -> None:
    """An ordinary word is no reference, and leads nowhere."""
    assert all(at is None for _, at in _led(library, _document([("¶ 1", text)]), 1))
