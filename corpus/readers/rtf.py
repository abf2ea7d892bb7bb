"""Rich text (RTF): striprtf reads the words; footnotes come after the text, under their numbers.

What is hidden, or tracked as deleted, is left out before.
"""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from corpus.errors import UnreadableFile
from corpus.models import Extract, Metadata
from corpus.readers.properties import title_property
from corpus.reading.decoding import clean
from corpus.reasons import Reason

_MOST_NOTES = 5_000
_DEEPEST = 2_000
_TOKEN = re.compile(r"\\[{}\\]|[{}]|\\(v|deleted|footnote)(?![a-z0-9]) ?|\\(v0|plain)(?![a-z0-9])")
_TITLE = re.compile(r"\{\\title ([^{}]{1,1000})\}")
_ENCODINGS = {"65001": "utf-8", "10000": "mac_roman", "10008": "gb2312", "10002": "big5"}
_CODE_PAGE = re.compile(r"\\ansicpg(\d{1,5})")


def read(content: bytes, name: str) -> Extract:
    """Read rich text. Raises UnreadableFile."""
    source = content.replace(b"\0", b"").decode("latin-1")
    body, notes, hidden = _take_apart(source)
    if not body:
        raise UnreadableFile(Reason("damaged_rich_text"))
    match = _CODE_PAGE.search(source, 0, 4096)
    page = match[1] if match else "1252"
    encoding = _ENCODINGS.get(page, f"cp{page}")
    text = _plain(body, encoding)
    fonts = source[: source.find("\\fonttbl") + 20_000] if notes else ""
    lines = [
        f"[{number}] {' '.join(_plain(_note(note, fonts, page), encoding).split())}"
        for number, note in enumerate(notes, start=1)
    ]
    title = _TITLE.search(source, 0, 100_000)
    note = Reason("hidden_text_left_out", {"characters": hidden}) if hidden else None
    return Extract(
        "\n\n".join(part for part in (text, *lines) if part),
        "application/rtf",
        Metadata(title=title_property(_plain(_note(title[1], "", page), encoding)))
        if title
        else Metadata(),
        note=note,
    )


def _take_apart(source: str) -> tuple[str, list[str], int]:
    """The text without footnotes and hidden groups, the footnotes, how much was hidden.

    Groups are nested by braces. A group is hidden from the word that says so to its end.
    """
    pieces: list[str] = []
    notes: list[str] = []
    start = hidden = depth = 0
    until = -1  # the depth of the group that is being skipped
    kind = ""
    for token in _TOKEN.finditer(source):
        if token[0] == "{":
            depth += 1
            if depth > _DEEPEST:
                raise UnreadableFile(Reason("nested_too_deeply"))
        elif token[0] == "}":
            if depth == until:
                if kind == "footnote":
                    notes.append(source[start : token.start()])
                    pieces.append(f" [{len(notes)}]")
                else:
                    hidden += token.start() - start
                start, until = token.start(), -1
            depth -= 1
        elif token[2] and until == depth and kind == "v":
            hidden += token.start() - start
            start, until = token.end(), -1
        elif token[1] and until < 0 and depth and len(notes) < _MOST_NOTES:
            pieces.append(source[start : token.start()])
            start, until, kind = token.end(), depth, token[1]
    pieces.append("" if until >= 0 else source[start:])
    return "".join(pieces), notes, hidden


def _plain(source: str, encoding: str) -> str:
    try:
        text: str = rtf_to_text(source, encoding=encoding, errors="replace")  # type: ignore[no-untyped-call]
    except LookupError:
        text = rtf_to_text(source, encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, KeyError, TypeError) as error:
        raise UnreadableFile(Reason("damaged_rich_text")) from error
    lines = (line.strip().strip("|").replace("|", " | ") for line in text.split("\n"))
    return clean("\n".join(" ".join(line.split()) for line in lines)).strip("\n")


def _note(words: str, fonts: str, page: str) -> str:
    """A part of a file as a file of its own, with the fonts that tell its encodings."""
    table = re.search(r"\{\\fonttbl(?:[^{}]|\{[^{}]*\}){0,2000}\}", fonts)
    return f"{{\\rtf1\\ansi\\ansicpg{page} {table[0] if table else ''}{words}}}"
