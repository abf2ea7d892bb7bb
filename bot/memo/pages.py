"""A memo as Markdown and as an HTML page, with the same notes as the Word file has."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.memo.contents import Memo, Note, QuotedPassage

# What CommonMark and its tables, notes and links would take for markup.
_MARKUP: Final = re.compile(r"[\\`*_{}\[\]<>#|~&^$]")
_LIST_MARK: Final = re.compile(r"\A(\s*)([-+=]|\d+[.)])(?=\s|\Z)")
_SAFE_ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+")
_STYLE: Final = """
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.6;
  font-family: "Times New Roman", "Noto Serif CJK SC", "Songti SC", SimSun, PMingLiU, serif; }
blockquote { margin: 1rem 1.5rem; }
blockquote p { margin: 0 0 .4rem; }
.warning { margin: 0 1.5rem; color: #a01010; font-weight: bold; }
.notes { font-size: .85rem; overflow-wrap: anywhere; }
.authority { display: flex; justify-content: space-between; gap: 1rem; }
"""


def write_markdown(memo: Memo) -> bytes:
    """The memo as Markdown with footnotes, as Pandoc and most editors read them."""
    lines = [f"# {_marked(memo.heading)}", "", f"*{_marked(memo.subtitle)}*", ""]
    for question, quotations in memo.by_question():
        lines += [f"## {_marked(question)}", ""] if question else []
        for quotation in quotations:
            lines += _markdown_quotation(memo, quotation)
    authorities = memo.authorities()
    lines += [f"## {_marked(memo.texts.authorities)}", ""] if authorities else []
    for heading, group in authorities:
        lines += [f"### {_marked(heading)}", ""]
        for authority in group:
            lines.append(f"- {_marked(authority.cited)} ({memo.place_of(authority)})")
        lines.append("")
    for quotation in memo.quoted:
        note = memo.note_of(quotation)
        lines.append(f"[^{note.number}]: {_markdown_note(note)}")
    return ("\n".join(lines).rstrip("\n") + "\n").encode()


def _markdown_quotation(memo: Memo, quotation: QuotedPassage) -> list[str]:
    paragraphs = [_marked(line) for line in quotation.paragraphs]
    lines = []
    if paragraphs:
        paragraphs[-1] += f"[^{quotation.note}]"
        # An empty quoted line keeps paragraphs apart: a line end alone would join them.
        lines = ["> " + "\n>\n> ".join(paragraphs), ""]
    warning = memo.warning_of(quotation)
    return lines + ([f"**{_marked(warning)}**", ""] if warning else [])


def _markdown_note(note: Note) -> str:
    parts = [_marked(note.cited), note.identifier, f"SHA-256 {note.sha256}"]
    if note.address:
        is_web = bool(_SAFE_ADDRESS.fullmatch(note.address))
        parts.append(f"<{note.address}>" if is_web else _marked(note.address))
    return " · ".join(part for part in parts if part)


def _marked(text: str) -> str:
    """Text that Markdown shows as it is."""
    escaped = _MARKUP.sub(r"\\\g<0>", text.replace("\t", " ").strip())
    return _LIST_MARK.sub(lambda mark: f"{mark[1]}{_escaped_mark(mark[2])}", escaped)


def _escaped_mark(mark: str) -> str:
    return f"{mark[:-1]}\\{mark[-1]}"


def write_html(memo: Memo) -> bytes:
    """The memo as one HTML page without scripts, links and pictures from elsewhere."""
    title = escape(memo.heading)
    body = [f"<h1>{title}</h1>", f"<p>{escape(memo.subtitle)}</p>"]
    for question, quotations in memo.by_question():
        body += [f"<h2>{escape(question)}</h2>"] if question else []
        for quotation in quotations:
            body += _html_quotation(memo, quotation)
    authorities = memo.authorities()
    body += [f"<h2>{escape(memo.texts.authorities)}</h2>"] if authorities else []
    for heading, group in authorities:
        body.append(f"<h3>{escape(heading)}</h3>")
        for authority in group:
            body.append(
                f'<p class="authority"><span>{escape(authority.cited)}</span>'
                f"<span>{escape(memo.place_of(authority))}</span></p>"
            )
    notes = [memo.note_of(quotation) for quotation in memo.quoted]
    items = "\n".join(f'<li id="note-{note.number}">{_html_note(note)}</li>' for note in notes)
    body += [f'<hr>\n<ol class="notes">\n{items}\n</ol>'] if items else []
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(memo.language)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    ).encode()


def _html_quotation(memo: Memo, quotation: QuotedPassage) -> list[str]:
    parts = []
    if quotation.source:
        language = escape(quotation.source.document.language or "und")
        number = quotation.note
        mark = f'<sup><a href="#note-{number}" id="mark-{number}">{number}</a></sup>'
        lines = [escape(line) for line in quotation.paragraphs]
        paragraphs = "\n".join(f"<p>{line}</p>" for line in (*lines[:-1], f"{lines[-1]}{mark}"))
        parts.append(f'<blockquote lang="{language}">\n{paragraphs}\n</blockquote>')
    warning = memo.warning_of(quotation)
    return parts + ([f'<p class="warning">{escape(warning)}</p>'] if warning else [])


def _html_note(note: Note) -> str:
    address = escape(note.address)
    if _SAFE_ADDRESS.fullmatch(note.address):
        address = f'<a href="{address}" rel="noreferrer">{address}</a>'
    parts = [escape(note.cited), note.identifier, f"SHA-256 <code>{note.sha256}</code>", address]
    return f'{" · ".join(part for part in parts if part)} <a href="#mark-{note.number}">↩</a>'
