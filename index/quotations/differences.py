"""What differs between a quotation and the place that it quotes, and what is no difference.

Brackets and ellipses are the quoter's own; a cut word at an edge, a paragraph's number, a hyphen at
the end of a line and the other script are how a text is set, and not what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.language.lengths import Span
from index.quotations.alignment import Edit
from index.quotations.canonical import (
    ELLIPSIS,
    Canonical,
    Tokens,
    canonical,
    fold_script,
    tokens_of,
)
from index.text.normalize import fold_term

_CONTEXT = 3
_BRACKETED = re.compile(r"\[[^\[\]]*\]")
_BRACKETED_ELLIPSIS = re.compile(rf"\[\s*(?:{ELLIPSIS}+|\.{{3,}})\s*\]")
# A paragraph's number at the beginning of its line, which quotations over its border leave out.
_PARAGRAPH_NUMBER = re.compile(r"\s*[\[(（]?\d{1,4}[\])）]?[.．、]?\s*")
_CONTRARY = frozenset("un in im il ir non dis mis anti counter".split())
_WRAPPED = re.compile(r"[-\u00ad\u2010]\s*\n\s*")
# Marks that may have been added at the beginning and at the end of a part.
_OPENING, _CLOSING = '("', ')".,;:'


@dataclass(frozen=True, slots=True)
class Difference:
    """`[start, end)` of a quotation, which reads `quoted` where the document reads `original`.

    `marked`: the quotation says itself that it differs here, by square brackets.
    """

    start: int
    end: int
    quoted: str
    original: str
    marked: bool


@dataclass(frozen=True, slots=True)
class QuotedText:
    """A quotation ready to be compared. `parts` are the tokens between its ellipses."""

    text: str
    form: Canonical
    tokens: Tokens
    parts: tuple[Span, ...]
    weight: int

    @classmethod
    def of(cls, text: str) -> QuotedText:
        form = canonical(text)
        tokens = tokens_of(form)
        parts = tuple(_parts(tokens))
        # What is in brackets is the quoter's own, and what is no word is on every page.
        weight = sum(tokens.weight(*part) for part in parts)
        return cls(text, form, tokens, parts, weight)

    def part_texts(self) -> list[str]:
        """The text of each part."""
        return [
            self.text[slice(*self.form.span(self.tokens.spans[a][0], self.tokens.spans[b - 1][1]))]
            for a, b in self.parts
        ]


@dataclass(frozen=True, slots=True)
class TextWindow:
    """A part of a document's text. `offset`: where it begins there."""

    document_id: str
    offset: int
    text: str
    form: Canonical
    tokens: Tokens

    @classmethod
    def of(cls, document_id: str, offset: int, text: str) -> TextWindow:
        form = canonical(text)
        return cls(document_id, offset, text, form, tokens_of(form))


def _parts(tokens: Tokens) -> Iterator[Span]:
    """The tokens between ellipses, without quotation marks and brackets that touch the edges."""
    start = 0
    for at in range(len(tokens) + 1):
        if at < len(tokens) and not _is_ellipsis(tokens, at):
            continue
        first, last = start, at
        start = at + 1
        while first < last and tokens.keys[first] in (_CLOSING if first else '"'):
            first += 1
        while last > first and tokens.keys[last - 1] in (_OPENING if at < len(tokens) else '"'):
            last -= 1
        if any(kind in {"word", "number", "bracket"} for kind in tokens.kinds[first:last]):
            yield first, last


def _is_ellipsis(tokens: Tokens, at: int) -> bool:
    if tokens.kinds[at] == "bracket":
        return bool(_BRACKETED_ELLIPSIS.fullmatch(tokens.keys[at]))
    return tokens.kinds[at] == "ellipsis"


@dataclass(frozen=True, slots=True)
class Sides:
    """A quotation and the tokens `[first, last)` of a window that it quotes, side by side."""

    quotation: QuotedText
    window: TextWindow
    first: int
    last: int

    def differs_in_script(self, pairs: Iterable[tuple[int, int]]) -> bool:
        """Whether an equal token is written in other characters."""
        quoted, source = self.quotation, self.window
        if quoted.form.text == quoted.form.folded and source.form.text == source.form.folded:
            return False
        return any(
            quoted.form.text[slice(*quoted.tokens.spans[q])]
            != source.form.text[slice(*source.tokens.spans[s])]
            and quoted.tokens.keys[q] != '"'
            for q, s in pairs
        )

    def differences(
        self, edits: Sequence[Edit], *, other_script: bool
    ) -> tuple[tuple[Difference, ...], tuple[Span, ...]]:
        """What differs, and the parts of the quotation before and behind the source."""
        edits_found: list[Difference] = []
        unquoted: list[Span] = []
        for edit in edits:
            if not self.is_difference(edit, other_script=other_script):
                continue
            edits_found += map(self._difference, self._without_brackets(edit))
            parts = self.quotation.parts
            at_edge = edit.start == parts[0][0] or edit.end == parts[-1][1]
            if at_edge and edit.source_start == edit.source_end:
                unquoted.append((edits_found[-1].start, edits_found[-1].end))
        return tuple(edits_found), tuple(unquoted)

    def is_difference(self, edit: Edit, *, other_script: bool) -> bool:
        """Whether an edit changes what is said, and not only how it is set."""
        quoted, original = self._quoted(edit), self._original(edit)
        if self._is_edge_mark(edit) or self._is_cut_word(edit):
            return False
        if not quoted.strip() and self._is_paragraph_number(edit):
            return False
        if _bare(quoted) == _bare(original):
            return False
        return not (other_script and self._is_same_word(edit))

    def _difference(self, edit: Edit) -> Difference:
        start, end = self._quoted_span(edit)
        quoted = self.quotation.text[start:end]
        brackets = "".join(_BRACKETED.findall(quoted))
        # Letters that touch a bracket belong to it.
        marked = bool(brackets) and self.quotation.tokens.kinds[edit.start] == "bracket"
        return Difference(start, end, quoted, self._original(edit).strip(), marked)

    def _without_brackets(self, edit: Edit) -> Iterator[Edit]:
        """An edit whose words in brackets stand apart from other words that differ beside them."""
        kinds = self.quotation.tokens.kinds[edit.start : edit.end]
        if "bracket" not in kinds or all(kind == "bracket" for kind in kinds):
            yield edit
            return
        opening = kinds.index("bracket")
        closing = len(kinds) - kinds[::-1].index("bracket")
        before = min(opening, edit.source_end - edit.source_start)
        behind = min(len(kinds) - closing, edit.source_end - edit.source_start - before)
        first, last = edit.source_start + before, edit.source_end - behind
        if opening:
            yield Edit(edit.start, edit.start + opening, edit.source_start, first)
        yield Edit(edit.start + opening, edit.start + closing, first, last)
        if closing < len(kinds):
            yield Edit(edit.start + closing, edit.end, last, edit.source_end)

    def _quoted_span(self, edit: Edit) -> Span:
        spans = self.quotation.tokens.spans
        return self.quotation.form.span(*_canonical(spans, edit.start, edit.end))

    def _quoted(self, edit: Edit) -> str:
        return self.quotation.text[slice(*self._quoted_span(edit))]

    def _original(self, edit: Edit) -> str:
        spans = self.window.tokens.spans
        span = self.window.form.span(*_canonical(spans, edit.source_start, edit.source_end))
        return self.window.text[slice(*span)]

    def _is_edge_mark(self, edit: Edit) -> bool:
        """Punctuation at an edge of the quotation, which its sentence may have brought along."""
        tokens = self.quotation.tokens
        at_edge = any(
            edit.start == first or edit.end == last for first, last in self.quotation.parts
        )
        marks = (
            *tokens.kinds[edit.start : edit.end],
            *self.window.tokens.kinds[edit.source_start : edit.source_end],
        )
        return at_edge and all(kind in {"mark", "ellipsis"} for kind in marks)

    def _is_cut_word(self, edit: Edit) -> bool:
        """Whether a part of the quotation begins or ends inside of a word, which is no change."""
        tokens, source = self.quotation.tokens, self.window.tokens
        if edit.end - edit.start != 1 or edit.source_end - edit.source_start != 1:
            return False
        quoted, original = tokens.keys[edit.start], source.keys[edit.source_start]
        if tokens.kinds[edit.start] != "word" or not quoted.isalpha():
            return False
        if any(edit.end == last for _, last in self.quotation.parts) and original.startswith(
            quoted
        ):
            return True
        is_first = any(edit.start == first for first, _ in self.quotation.parts)
        cut = original.removesuffix(quoted)
        # "able" for "unable" says the contrary.
        return is_first and cut != original and cut.lower() not in _CONTRARY

    def _is_paragraph_number(self, edit: Edit) -> bool:
        spans = self.window.tokens.spans
        start, end = self.window.form.span(*_canonical(spans, edit.source_start, edit.source_end))
        text = self.window.text
        opens_line = not text[text.rfind("\n", 0, start) + 1 : start].strip()
        return opens_line and bool(_PARAGRAPH_NUMBER.fullmatch(text[start:end]))

    def _is_same_word(self, edit: Edit) -> bool:
        """Whether both sides say the same where words differ by region: 網路 and 网络."""
        quotation, window = self.quotation, self.window
        # As many tokens on both sides: they decide how a word is converted, and have to be alike.
        left = min(_CONTEXT, edit.start, edit.source_start)
        right = min(
            _CONTEXT,
            len(quotation.tokens) - edit.end,
            len(window.tokens) - edit.source_end,
        )
        spans = quotation.tokens.spans, window.tokens.spans
        quoted = _canonical(spans[0], edit.start - left, edit.end + right)
        original = _canonical(spans[1], edit.source_start - left, edit.source_end + right)
        ways = _ways(quotation.form.text[slice(*quoted)])
        # 程序 stays what it is in mainland texts, which a conversion from Taiwan's would change.
        return bool(ways & _ways(window.form.text[slice(*original)]))


def _ways(text: str) -> set[str]:
    """A text in Simplified characters: with the mainland's words, and with its own."""
    return {fold_script(fold_term(text)), fold_script(text)}


def _canonical(spans: Sequence[Span], first: int, last: int) -> Span:
    """The canonical span of tokens; of none, the end of the token before them."""
    if first < last:
        return spans[first][0], spans[last - 1][1]
    at = spans[first - 1][1] if first else 0
    return at, at


def _bare(text: str) -> str:
    """A text without white space, and without the hyphens at which its lines were broken."""
    return "".join(fold_script(canonical(_WRAPPED.sub("", text)).text).split())
