"""What filing a file comes to, in each of the four outcomes, with its parts, and again."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
import sqlalchemy

from corpus.citing.ids import CitationId, document_id
from corpus.errors import InvalidMatter, NotFound, UnreadableFile, Withdrawn
from corpus.filing import Part
from corpus.library import Library
from corpus.models import Filed, Scope
from corpus.reasons import Reason
from tests.corpus.conftest import filed, id_of, reading_of

FILE_WHEN_TOLD = """
import sys
from corpus.storage.database import open_database
from corpus.library import Library
from tests.corpus.conftest import reading_of
library = Library(open_database(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(20):
    library.file(reading_of(f"one\\ntwo\\n{number}"), matter="m", path=f"/{number}")
"""

A = Scope.of("a")


# -- matters -------------------------------------------------------------------------------------


def test_a_matter_has_one_name_in_many_spellings(library: Library) -> None:
    """Width and case do not make another matter; the first spelling is the one shown."""
    assert library.create_matter("喬春-v.-Jones_2")
    assert not library.create_matter("喬春-V.-JONES_２")
    assert library.matters() == ("喬春-v.-Jones_2",)
    assert library.matter(" 喬春-v.-jONES_2 ") == "喬春-v.-Jones_2"
    assert library.file(reading_of("x"), matter="喬春-V.-jones_2", path="/x").matter == (
        "喬春-v.-Jones_2"
    )
    with pytest.raises(NotFound, match="'other'"):
        library.matter("other")


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "x" * 65, "a\0", "名稱!", "\ud800"])
def test_a_name_outside_the_form_is_refused(library: Library, name: str) -> None:
    """In one line, creating and filing nothing."""
    with pytest.raises(InvalidMatter) as why:
        library.file(reading_of("x"), matter=name, path="/x")
    assert "\n" not in str(why.value)
    assert library.matters() == ()
    assert library.revision() == 0


# -- what filing comes to ------------------------------------------------------------------------


def test_the_four_outcomes(library: Library) -> None:
    """New, the same again, the same elsewhere, another content in its place."""
    first = filed(library, "one\ntwo")
    assert (first.outcome, first.passages, first.supersedes, first.reason) == (
        "added",
        2,
        None,
        None,
    )
    assert filed(library, "one\ntwo") == replace(first, outcome="unchanged")
    twin = filed(library, "one\ntwo", "/y")
    assert (twin.outcome, twin.document_id) == ("unchanged", first.document_id)
    assert twin.reason == Reason("same_content", {"path": "/x"})
    other = filed(library, "one\ntwo\nthree")
    assert (other.outcome, other.supersedes, other.passages) == ("replaced", first.document_id, 3)
    assert library.count_documents(Scope.all()) == 2  # the first is still live at /y
    assert filed(library, "one\ntwo", "/x", "b").outcome == "added"  # another matter, its own wall


def test_ids_come_from_the_content(library: Library) -> None:
    """SHA-256 in Crockford base32; a content whose eight characters are taken gets more."""
    reading = reading_of("x")  # its SHA-256 begins with 2d711642b7
    first = replace(reading, sha256="2d711642b7" + "0" * 54)
    two = replace(reading, sha256="2d711642b7" + "f" * 54)
    assert library.file(first, matter="a", path="/1").document_id == "5NRHCGNQ"
    assert library.file(two, matter="a", path="/2").document_id == "5NRHCGNQZ"
    assert library.file(two, matter="a", path="/2").document_id == "5NRHCGNQZ"
    assert library.file(reading, matter="a", path="/3").document_id == "5NRHCGNQ4"
    second = reading_of("y")
    assert library.file(second, matter="a", path="/4").document_id == document_id(second.sha256)


def test_what_no_database_can_hold_is_replaced(library: Library) -> None:
    """NUL and lone surrogates become U+FFFD everywhere, and offsets stay."""
    reading = reading_of("a\0b\n\ud800c", title="t\0\udfff", name="n\0.txt")
    outcome = library.file(reading, matter="a", path="/p\0\udcff")
    assert outcome.path == "/p\ufffd\ufffd"
    [record] = library.documents(Scope.all())
    assert (record.title, record.path) == ("t\ufffd\ufffd", "/p\ufffd\ufffd")
    assert [passage.text for passage in library.live_passages()] == ["a\ufffdb", "\ufffdc"]
    assert library.original(record.id, Scope.all()).content == reading.content
    assert library.integrity() == []


def test_a_document_without_a_title_goes_by_its_name(library: Library) -> None:
    """A title of white space is none."""
    library.file(reading_of("x", name="brief.txt", title=" \n"), matter="a", path="/in/brief.txt")
    assert [record.title for record in library.documents(Scope.all())] == ["brief.txt"]


def test_a_name_and_a_day_are_those_of_the_scope(library: Library) -> None:
    """The same bytes elsewhere have their own; a title that the bytes hold is one for all."""
    for title in (None, "Brief"):
        text = f"x {title}"
        for matter, name in (("a", "ours.txt"), ("b", "theirs.txt")):
            reading = reading_of(text, name=name, title=title)
            document = id_of(library.file(reading, matter=matter, path=f"/{matter}/{name}"))
        for matter, name in (("a", "ours.txt"), ("b", "theirs.txt")):
            scope = Scope.of(matter)
            passage = library.source(CitationId(document, 1), scope).passage
            assert passage.title == library.document(document, scope).title == (title or name)
            assert library.passages_by_key([passage.key], scope)[passage.key] == passage
            assert library.original(document, scope).name == name
        [indexed] = library.document_passages([document])
        assert indexed.title == (title or "")
        assert indexed in list(library.live_passages())


def test_a_path_too_long_for_an_index_is_refused(library: Library) -> None:
    """On every database alike; counted in bytes."""
    refused = library.file(reading_of("x"), matter="a", path="/" + "路" * 667)
    assert (refused.outcome, refused.document_id) == ("refused", None)
    assert refused.reason == Reason("path_too_long", {"limit": 2000})
    assert library.file(reading_of("x"), matter="a", path="/" + "路" * 666).outcome == "added"


def test_a_reading_that_contradicts_itself_leaves_nothing(library: Library) -> None:
    """Passages must be what the text holds; all or nothing of a document is kept."""
    good = reading_of("one\ntwo")
    bad = replace(good, passages=(good.passages[0], replace(good.passages[1], text="twö")))
    with pytest.raises(UnreadableFile, match=r"passage_not_in_text\(ordinal=2"):
        library.file(bad, matter="a", path="/x")
    assert library.matters() == ()
    assert list(library.live_passages()) == []
    assert library.file(good, matter="a", path="/x").outcome == "added"


@pytest.mark.slow
def test_two_processes_filing_the_same_end_in_one_document(
    library: Library, url: str, database: sqlalchemy.Engine
) -> None:
    """Each content is kept once, each change numbered once."""
    command = [sys.executable, "-c", FILE_WHEN_TOLD, url]
    started = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in started:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert library.count_documents(Scope.all()) == 20
    assert len(list(library.live_passages())) == 60
    assert library.revision() == len(library.changed_since(0, Scope.all())) == 20
    assert library.integrity() == []


# -- files inside files ----------------------------------------------------------------------------


def mail(library: Library, text: str, **inside: str | Part) -> Filed:
    """File a mail under /mail with its attachments, by name."""
    parts = [
        part if isinstance(part, Part) else Part(f"/mail/{name}", reading_of(part))
        for name, part in inside.items()
    ]
    return library.file(
        reading_of(text, media_type="message/rfc822"), matter="a", path="/mail", parts=parts
    )


def live(library: Library) -> set[str]:
    """The texts of the passages that search may find."""
    return {passage.text for passage in library.live_passages()}


def test_parts_are_filed_with_their_whole(library: Library) -> None:
    """Each is a document of its own under the whole's path; a refused one hurts nobody."""
    broken = Part("/mail/broken", UnreadableFile(Reason("encrypted")))
    outcome = mail(library, "hello", one="first", broken=broken, two="second")
    assert [part.outcome for part in outcome.attachments] == ["added", "refused", "added"]
    assert outcome.attachments[1].reason == Reason("encrypted")
    assert [part.path for part in outcome.attachments] == ["/mail/one", "/mail/broken", "/mail/two"]
    assert live(library) == {"hello", "first", "second"}


def test_parts_follow_a_replaced_whole(library: Library) -> None:
    """Each is kept, replaced by its namesake, or superseded by the new whole."""
    old = mail(library, "v1", kept="kept", changed="before", dropped="dropped")
    attachment, changed, dropped = map(id_of, old.attachments)
    new = mail(library, "v2", kept="kept", changed="after", fresh="fresh")
    assert [part.outcome for part in new.attachments] == ["unchanged", "replaced", "added"]
    assert new.attachments[1].supersedes == changed
    assert live(library) == {"v2", "kept", "after", "fresh"}
    assert library.document(dropped, A).superseded_by == new.document_id
    library.withdraw(id_of(new), scope=Scope.all())
    assert live(library) == set()
    with pytest.raises(Withdrawn):
        library.document(attachment, A)
    assert library.document(changed, A).superseded_by == id_of(new.attachments[1])


def test_parts_follow_a_withdrawn_whole_however_deep(library: Library) -> None:
    """And only its own: the same attachment of another mail stays, and so does a file like it."""
    deep = Part("/mail/inner/leaf", reading_of("leaf"))
    inner = Part("/mail/inner", reading_of("inner", media_type="message/rfc822"), (deep,))
    whole = mail(library, "outer", inner=inner, twin="twin")
    library.file(reading_of("twin"), matter="a", path="/twin")
    library.file(
        inner.reading if not isinstance(inner.reading, UnreadableFile) else reading_of(""),
        matter="a",
        path="/MAIL/inner",
        parts=[replace(deep, path="/MAIL/inner/leaf")],
    )
    assert library.withdraw(id_of(whole), scope=Scope.all()) == ("a",)
    assert live(library) == {"twin", "inner", "leaf"}
    library.withdraw(id_of(whole.attachments[0]), scope=Scope.all())
    assert live(library) == {"twin"}


def test_a_file_with_parts_is_read_again(library: Library) -> None:
    """Only of plain files is the outcome known without reading."""
    plain, letter = reading_of("plain"), reading_of("letter", media_type="message/rfc822")
    for reading in (plain, letter):
        library.file(reading, matter="a", path=f"/{reading.text}")
    assert library.known_outcome(letter.sha256, matter="a", path="/letter") is None
    assert library.known_outcome(plain.sha256, matter="a", path="/letter") is None
    settled = library.known_outcome(plain.sha256, matter="A", path="/plain")
    assert settled == library.file(plain, matter="a", path="/plain")
