"""Two files made to share a citation id: what was copied says which one was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.citing import ids
from corpus.citing.ids import CHECKED, SHORTEST, checked, document_id, parse_citation
from corpus.citing.styles import cite
from corpus.errors import AnotherContent, NotFound
from corpus.library import Library
from corpus.models import Scope
from corpus.storage import documents
from tests.bot.conftest import CommandLine
from tests.bot.telegram.dialogue import Turn
from tests.bot.telegram.simulator import simulated_bot
from tests.corpus.conftest import reading_of
from tests.databases import Opened

OTHER = "4TZ0QW5N3KXB7RHE"


def test_a_copied_citation_opens_what_was_cited_alone(tmp_path: Path, opened: Opened) -> None:
    """With eighty bits more it opens the same passage here, and nothing where these differ."""
    library = Library(opened(folder=tmp_path))
    filed = library.file(reading_of("The rent is due."), matter="a", path="1")
    source = library.source(parse_citation(f"{filed.document_id}-1"), Scope.all())
    copied = checked(source.passage.citation, source.document.sha256)
    assert copied.startswith(f"{source.passage.citation}~")
    assert len(copied) == len(source.passage.citation) + 1 + CHECKED
    assert library.source(parse_citation(copied.lower()), Scope.all()) == source
    assert parse_citation(copied) == parse_citation(source.passage.citation)
    forged = f"{source.passage.citation}~{OTHER}"
    with pytest.raises(AnotherContent, match="another document here than the one that was cited"):
        library.source(parse_citation(forged), Scope.all())
    # Whoever may not see it is told the same as of an id that nobody has.
    with pytest.raises(NotFound) as refusal:
        library.source(parse_citation(forged), Scope.of("b"))
    assert not isinstance(refusal.value, AnotherContent)
    plain = cite(source.passage, source.document, checkable=True)["plain"]
    assert plain.endswith(f"[{copied}]")
    assert len(plain) <= 256


@pytest.mark.slow
def test_a_taken_id_is_reported(
    filed: Path, pincite: CommandLine, nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By `add`, at once, and by the doctor."""

    def colliding(sha256: str, length: int = SHORTEST) -> str:
        return ("K7Q2M3PD" + document_id(sha256, 40))[:length]

    for module in (ids, documents):
        monkeypatch.setattr(module, "document_id", colliding)
    for name in ("one", "two"):
        (nowhere / f"{name}.txt").write_text(f"The rent of {name} is due.")
    assert "another content" not in pincite("add", "one.txt").out
    ran = pincite("add", "two.txt")
    assert (ran.status, "another content has the id K7Q2M3PD" in ran.out) == (0, True)
    assert "shares its first eight characters with K7Q2M3PD" in pincite("doctor", "--offline").out


async def test_telegram_says_so(tmp_path: Path) -> None:
    """In one line, to whoever may see the document that is here."""
    async with simulated_bot(tmp_path, ["Team may ask lease"]) as simulator:
        [document, *_] = simulator.services.library.documents(Scope.of("lease"))
        for text, expected in (
            (checked(f"{document.id}-1", document.sha256), "rent"),
            (f"{document.id}-1~{OTHER}", "is another document here"),
        ):
            outputs = await simulator.play(Turn(0, "Owner", "says", f"/source {text}", "", ""))
            assert expected in str(outputs)
