"""A list shows what is in scope, with the filing that counts there."""

from __future__ import annotations

from corpus.library import Library
from corpus.models import Scope
from tests.corpus.conftest import filed, id_of, reading_of

A, B = Scope.of("a"), Scope.of("b")


def test_listed_like_documents(library: Library) -> None:
    """The same documents in the same order as `documents` gives, page by page."""
    for number in range(7):
        filed(library, f"text {number}", f"/{number % 5}", "ab"[number % 2])
    for scope in (A, B, Scope.all(), Scope.of()):
        everything = [record.id for record in library.documents(scope)]
        paged = []
        for offset in range(0, 9, 2):
            listed, count = library.list_documents(scope, offset=offset, limit=2)
            assert count == len(everything)
            paged += [entry.document.id for entry in listed]
        assert paged == everything


def test_who_filed_it_here(library: Library) -> None:
    """Who filed a document behind another wall does not show."""
    reading = reading_of("shared")
    library.file(reading, matter="a", path="/s", added_by=1)
    library.file(reading, matter="b", path="/s", added_by=2)
    [in_a] = library.list_documents(A)[0]
    [in_b] = library.list_documents(B)[0]
    assert (in_a.filed_by, in_b.filed_by) == (1, 2)
    record, matters = library.withdrawable(in_a.document.id, A)
    assert (record.matters, matters) == (("a",), A.matters)


def test_superseded_ones_can_be_withdrawn(library: Library) -> None:
    """A document that was replaced is listed, and leaves the matter it was replaced in."""
    old = id_of(filed(library, "old", "/s", "a"))
    filed(library, "new", "/s", "a")
    record, matters = library.withdrawable(old, Scope.all())
    assert record.superseded_by
    assert library.withdraw(old, scope=Scope.of(*matters)) == ("a",)
    assert [entry.document.superseded_by for entry in library.list_documents(A)[0]] == [None]
