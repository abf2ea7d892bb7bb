"""What is filed is found again, by whoever may see it, and by nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy
from sqlalchemy import delete, insert, update

from corpus import library as library_module
from corpus.citing.ids import CitationId, document_id, parse_citation
from corpus.errors import CorpusError, NotFound, Withdrawn
from corpus.library import Library
from corpus.models import DocumentFacts, Edition, PassageRecord, Scope
from corpus.storage import records, schema
from corpus.storage.database import transaction
from tests.corpus.conftest import filed, id_of, reading_of

A, B = Scope.of("a"), Scope.of("b")


def fate(look: Callable[[], object]) -> type[CorpusError] | None:
    """How looking ends: None when there is something to see."""
    try:
        look()
    except CorpusError as error:
        return type(error)
    return None


# -- who sees what -------------------------------------------------------------------------------


def test_walls_between_matters(library: Library) -> None:
    """Whoever may see one of a document's matters sees it, and only those matters of it."""
    shared = id_of(filed(library, "shared", "/s", "a"))
    filed(library, "shared", "/s", "b")
    only = id_of(filed(library, "only in a", "/o", "a"))
    assert [record.id for record in library.documents(A)] == [only, shared]
    assert [record.id for record in library.documents(B)] == [shared]
    assert library.documents(Scope.of()) == []
    assert library.document(shared, B).matters == ("b",)
    assert library.document(shared, Scope.all()).matters == ("a", "b")
    assert library.count_documents(B) == 1
    walled = CitationId(only, 1)
    assert fate(lambda: library.document(only, B)) is NotFound
    assert fate(lambda: library.source(walled, B)) is NotFound
    assert fate(lambda: library.original(only, B)) is NotFound
    assert library.source(walled, Scope.of("a", "b")).matter == "a"


def test_nothing_tells_a_walled_document_from_an_unknown_one(library: Library) -> None:
    """The words are the same but for the id asked for."""
    walled = id_of(filed(library, "x"))
    library.withdraw(id_of(filed(library, "y", "/y")), scope=Scope.all())
    withdrawn = document_id(reading_of("y").sha256)
    messages = set()
    for name in (walled, withdrawn, "ZZZZZZZZ"):
        with pytest.raises(NotFound) as why:
            library.source(CitationId(name, 1), B)
        messages.add(str(why.value).replace(name, "ID"))
    with pytest.raises(NotFound) as why:
        library.source(CitationId(walled, 99), A)
    messages.add(str(why.value).replace(f"{walled}-99", "ID-1"))
    assert messages == {"ID-1 is not known here: check the id"}


def test_withdrawal_is_known_only_within_the_matter(library: Library) -> None:
    """It leaves each matter by itself, and search at once."""
    both = id_of(filed(library, "x", "/x", "a"))
    filed(library, "x", "/x", "b")
    assert library.withdraw(both, scope=A) == ("a",)
    assert library.live_matters() == {both: B.matters}
    assert fate(lambda: library.document(both, A)) is Withdrawn
    assert fate(lambda: library.document(both, B)) is None
    assert fate(lambda: library.document(both, Scope.all())) is None
    assert fate(lambda: library.withdraw(both, scope=A)) is Withdrawn
    assert fate(lambda: library.withdraw(both, scope=Scope.of("c"))) is NotFound
    assert library.withdraw(both, scope=Scope.all()) == ("b",)
    assert fate(lambda: library.document(both, Scope.all())) is Withdrawn
    assert library.documents(Scope.all()) == []
    assert list(library.live_passages()) == []
    assert filed(library, "x", "/x", "a").outcome == "added"  # and it may come back
    assert fate(lambda: library.document(both, A)) is None


def test_a_replaced_document_opens_marked(library: Library) -> None:
    """Old citations keep opening the old text, and say what came after, until it is withdrawn."""
    old = id_of(filed(library, "old\ntext"))
    new = id_of(filed(library, "new\ntext"))
    record = library.document(old, A)
    assert (record.superseded_by, record.matters, record.path) == (new, (), "/x")
    assert library.source(CitationId(old, 1), A).passage.text == "old"
    assert [(r.id, r.superseded_by) for r in library.documents(A)] == [(new, None), (old, new)]
    assert library.count_documents(A) == 1
    assert fate(lambda: library.document(old, B)) is NotFound
    assert library.withdraw(old, scope=Scope.all()) == ("a",)
    assert fate(lambda: library.document(old, A)) is Withdrawn
    back = filed(library, "old\ntext")
    assert (back.outcome, back.supersedes) == ("replaced", new)
    assert library.document(old, A).superseded_by is None
    assert library.document(new, A).superseded_by == old


def test_what_was_withdrawn_stays_so_when_asked(library: Library) -> None:
    """A watched folder does not bring back what a person withdrew; a person may."""
    reading = reading_of("x")
    library.withdraw(id_of(library.file(reading, matter="a", path="/x")), scope=Scope.all())
    kept_out = library.file(reading, matter="a", path="/x", again=False)
    assert kept_out.outcome == "refused"
    assert kept_out.reason
    assert kept_out.reason.code == "withdrawn_here"
    settled = library.known_outcome(reading.sha256, matter="a", path="/x", again=False)
    assert settled == kept_out
    assert library.known_outcome(reading.sha256, matter="a", path="/x") is None
    assert library.file(reading, matter="a", path="/y", again=False).outcome == "added"
    assert library.file(reading, matter="a", path="/x").outcome == "unchanged"
    assert library.file(reading, matter="a", path="/x", again=False).outcome == "unchanged"


def test_source_brings_neighbours_and_the_document(library: Library) -> None:
    """As many as asked for and there, in order."""
    document = id_of(filed(library, "1\n2\n3\n4\n5", "/in/note.txt"))
    source = library.source(CitationId(document, 2), Scope.all(), neighbours=2)
    assert [p.text for p in source.before] == ["1"]
    assert [p.text for p in source.after] == ["3", "4"]
    assert source.passage == PassageRecord(
        key=source.passage.key,
        document_id=document,
        ordinal=2,
        start=2,
        end=3,
        text="2",
        pin="¶ 2",
        page=None,
        heading="",
        title="note.txt",
        date="2019-06-20",
        publisher=None,
        language="en",
    )
    assert source.document == library.document(document, Scope.all())
    assert parse_citation(source.passage.citation) == CitationId(document, 2)
    assert library.source(CitationId(document, 5), Scope.all(), neighbours=0).before == ()


def test_documents_are_paged_newest_first(library: Library) -> None:
    """Pages of any size together are the whole list."""
    ids = [id_of(filed(library, f"text {n}", f"/{n}")) for n in range(7)]
    assert [record.id for record in library.documents(Scope.all())] == ids[::-1]
    paged = [library.documents(Scope.all(), offset=at, limit=3) for at in (0, 3, 6, 9)]
    assert [record.id for page in paged for record in page] == ids[::-1]


def test_facts_of_a_document_come_back_as_they_were_read(library: Library) -> None:
    """Beside the document and for the index; what no database can hold becomes U+FFFD."""
    facts = DocumentFacts(
        kind="statute",
        parties=("A\0", "B"),
        work="租車條例",
        edition=Edition("2023修订", enacted="1999-05-01", amended="2023-02-03", in_force=None),
    )
    reading = reading_of("x")
    about = replace(reading.metadata, facts=facts)
    lawful = id_of(library.file(replace(reading, metadata=about), matter="a", path="/x"))
    plain = id_of(filed(library, "y", "/y"))
    stored = replace(facts, parties=("A\ufffd", "B"))
    assert library.document(lawful, A).facts == stored
    assert library.document(plain, A).facts == DocumentFacts()
    assert library.document_facts([lawful, plain, "ZZZZZZZZ"]) == {
        lawful: stored,
        plain: DocumentFacts(),
    }


# -- for the index -------------------------------------------------------------------------------


def test_passages_stream_in_order_of_key(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the pages and batches: all of them, once, in order."""
    ids = [id_of(filed(library, f"a{n}\nb{n}\nc{n}", f"/{n}")) for n in range(9)]
    library.withdraw(ids[4], scope=Scope.all())
    whole = list(library.live_passages())
    monkeypatch.setattr(library_module, "PAGE", 4)
    monkeypatch.setattr(records.batches, "__defaults__", (2,))
    assert list(library.live_passages()) == whole
    assert [p.text[1] for p in whole] == [str(n) for n in range(9) if n != 4 for _ in "abc"]
    assert [p.key for p in whole] == sorted(p.key for p in whole)
    assert list(library.live_passages(after_key=whole[10].key)) == whole[11:]
    assert list(library.document_passages([ids[8], ids[4], ids[0], ids[0]])) == [
        p
        for p in library.indexed_by_key(range(1, 100)).values()
        if p.document_id in {ids[0], ids[4], ids[8]}
    ]
    by_key = library.indexed_by_key([whole[5].key, 10_000, whole[2].key])
    assert by_key == {whole[5].key: whole[5], whole[2].key: whole[2]}
    assert library.live_matters(ids[3:6]) == {ids[3]: A.matters, ids[5]: A.matters}


def test_every_change_is_numbered(library: Library) -> None:
    """One revision a change of filings; what changes nothing has none."""
    assert (library.revision(), library.changed_since(0, Scope.all())) == (0, [])
    old = id_of(filed(library, "old"))
    assert library.revision() == 1
    filed(library, "old")
    assert library.revision() == 1
    new = id_of(filed(library, "new"))  # two documents changed
    assert library.revision() == 3
    assert set(library.changed_since(1, Scope.all())) == {old, new}
    library.withdraw(new, scope=Scope.all())
    assert library.changed_since(3, Scope.all()) == [new]
    assert library.changed_since(4, Scope.all()) == []


# -- for the doctor ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (update(schema.originals).values(content=b"forged"), "is not what was added"),
        (delete(schema.originals), "original of .* is missing"),
        (update(schema.documents).values(text="forged text"), "is not what its document says"),
        (update(schema.passages).values(ordinal=schema.passages.c.ordinal + 1), "where 1 should"),
        (update(schema.originals).values(sha256="0" * 64), "is missing"),
    ],
)
def test_integrity_finds_what_was_tampered_with(
    library: Library, database: sqlalchemy.Engine, harm: sqlalchemy.Update, says: str
) -> None:
    """Nothing to say of a sound library; lines with the document's id for a forged one."""
    only = id_of(filed(library, "some text"))
    assert library.integrity() == []
    with transaction(database) as connection:
        connection.execute(harm)
    lines = library.integrity(limit=1)
    assert all(only in line for line in lines)
    assert any(re.search(says, line) for line in lines)


def test_integrity_sees_references_to_nothing(
    library: Library, database: sqlalchemy.Engine
) -> None:
    """A filing of a document that is not there cannot be made on either database."""
    library.create_matter("a")
    row = {"document_id": "NOWHERE1", "matter": "a", "path": "/x", "added": "2026"}
    with pytest.raises(sqlalchemy.exc.IntegrityError), transaction(database) as connection:
        connection.execute(insert(schema.filings).values(row))


def test_an_unknown_scope_sees_nothing(library: Library) -> None:
    """A matter that does not exist is an empty wall, not an error."""
    filed(library, "x")
    nowhere = Scope.of("nowhere")
    assert library.documents(nowhere) == []
    assert library.count_documents(nowhere) == 0
