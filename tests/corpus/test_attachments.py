"""Files inside files are read to a bounded depth, number and size, under names of their own."""

from __future__ import annotations

import pytest

from corpus.attachments import MOST, AttachmentReader
from corpus.errors import UnreadableFile
from corpus.filing import Part
from tests.corpus.conftest import PlainReader, letter, reading_of
from tests.corpus.sentences import sentence


def parts_of(text: str, max_bytes: int = 10_000_000) -> tuple[Part, ...]:
    """The parts of a file that PlainReader can read, which lies at /m."""
    reader = PlainReader()
    [whole] = reader.read_many([(text.encode(), "m")])
    assert not isinstance(whole, UnreadableFile)
    return AttachmentReader(reader.read_many, max_bytes).parts(whole, "/m")


def told(parts: tuple[Part, ...]) -> list[tuple[str, str]]:
    """Paths with the texts or the reasons, depth first."""
    paths_and_texts = []
    for part in parts:
        reading = part.reading
        text = sentence(reading) if isinstance(reading, UnreadableFile) else reading.text
        paths_and_texts.append((part.path, text))
        paths_and_texts += told(part.parts)
    return paths_and_texts


def test_a_plain_file_has_no_parts() -> None:
    """And none are looked for."""
    assert AttachmentReader(PlainReader().read_many, 10).parts(reading_of("x"), "/m") == ()


def test_parts_lie_under_what_holds_them() -> None:
    """In order, each followed by its own."""
    inner = letter("inner", ("leaf", "LEAF"))
    assert told(parts_of(letter("outer", ("a", "A"), ("in", inner), ("b", "B")))) == [
        ("/m/a", "A"),
        ("/m/in", "inner"),
        ("/m/in/leaf", "LEAF"),
        ("/m/b", "B"),
    ]


def test_names_are_distinct_and_only_names() -> None:
    """Two of the same name stay two; separators, NUL and dots make no path."""
    names = ["a.pdf", "a.pdf", "a (2).pdf", "../../etc/x", "..", "", "b\0c", "n" * 500 + ".txt"]
    assert [path for path, _ in told(parts_of(letter("m", *((n, "x") for n in names))))] == [
        "/m/a.pdf",
        "/m/a (2).pdf",
        "/m/a (2) (2).pdf",
        "/m/.._.._etc_x",
        "/m/attachment-5",
        "/m/attachment-6",
        "/m/b_c",
        "/m/" + "n" * 120 + ".txt",
    ]


def test_a_part_that_cannot_be_read_hurts_no_other() -> None:
    """Empty, or over the limit of size, among others."""
    parts = parts_of(letter("m", ("a", "A"), ("e", ""), ("big", "x" * 101), ("b", "B")), 100)
    [a, empty, big, b] = told(parts)
    assert (a, b) == (("/m/a", "A"), ("/m/b", "B"))
    assert empty == ("/m/e", "the file is empty")
    assert big[1].startswith("it is larger than")


def test_depth_is_bounded() -> None:
    """Three levels are read; of the fourth one refusal tells."""
    nested = "core"
    for level in range(5, 0, -1):
        nested = letter(f"level {level}", ("in", nested), ("also", "x"))
    paths_and_texts = told(parts_of(nested))
    assert [path for path, _ in paths_and_texts if path.endswith("in")] == [
        "/m/in",
        "/m/in/in",
        "/m/in/in/in",
        "/m/in/in/in/in",
    ]
    [refusal] = [text for path, text in paths_and_texts if path == "/m/in/in/in/in"]
    assert refusal == "it and 1 more were not read: files are read to 3 levels inside a file"


@pytest.mark.parametrize("nested", [False, True])
def test_number_is_bounded_over_all_levels(nested: bool) -> None:
    """However they are nested, 200 are read, and one refusal stands for the rest of a level."""
    many = [(f"{n}", f"text {n}") for n in range(MOST + 50)]
    text = letter("m", ("in", letter("in", *many))) if nested else letter("m", *many)
    paths_and_texts = told(parts_of(text))
    read = [path for path, text in paths_and_texts if "not read" not in text]
    assert len(read) == MOST
    assert len(paths_and_texts) == MOST + 1
    assert f"no more than {MOST}" in paths_and_texts[-1][1]
