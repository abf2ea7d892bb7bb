"""The casefile: sample documents about one real case, so that there is something to ask.

Written for Pincite from public facts, in Traditional Chinese, Simplified Chinese and English.
Each is Markdown with a title, a date, a publisher and a language in its front matter.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable


def documents() -> Iterator[Traversable]:
    """The shipped files, in order of name; each has `.name` and `.read_bytes()`."""
    shelf = files(__name__).iterdir()
    yield from sorted(
        (file for file in shelf if file.name.endswith(".md")), key=lambda file: file.name
    )
