"""Which formats a memo can take, and which one a file's name asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.memo.exchange import write_csl_json, write_ris
from bot.memo.pages import write_html, write_markdown
from bot.memo.word import write_word

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import PurePath

    from bot.memo.contents import Memo


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that a memo is written as."""

    name: str
    """As `--format` takes it."""
    suffixes: tuple[str, ...]
    write: Callable[[Memo], bytes]


FORMATS: Final = (
    Format("docx", (".docx",), write_word),
    Format("md", (".md", ".markdown"), write_markdown),
    Format("html", (".html", ".htm"), write_html),
    Format("csl-json", (".json",), write_csl_json),
    Format("ris", (".ris",), write_ris),
)
"""A format added here has its place in `pincite memo`."""


def format_of(path: PurePath) -> Format | None:
    """The format that the end of a file's name asks for; None for any other end."""
    suffix = path.suffix.lower()
    return next((kind for kind in FORMATS if suffix in kind.suffixes), None)


def format_named(name: str) -> Format | None:
    """The format of that name; None where there is none."""
    return next((kind for kind in FORMATS if kind.name == name), None)
