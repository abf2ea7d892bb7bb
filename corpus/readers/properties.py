"""What a file's properties say, without what programs put there by themselves."""

from __future__ import annotations

import re

_LONGEST_TITLE = 200
_NO_TITLE = re.compile(
    r"\Amicrosoft (?:word|powerpoint|excel)\b.*|word document|untitled.*|document ?\d*|pdf document"
    r"|\(?anonymous\)?|powerpoint.*|slide \d+"
    r"|未命名.*|无标题.*|無標題.*|文档 ?\d*|文件 ?\d*|新建.*文档"
    r"|.*\.[a-z]{2,4}x?|[\W\d_]*",
    re.IGNORECASE,
)


def title_property(value: str | None) -> str | None:
    """A title that a person wrote; None for a program's or a file's name."""
    line = " ".join((value or "").split())
    return line if 0 < len(line) <= _LONGEST_TITLE and not _NO_TITLE.fullmatch(line) else None
