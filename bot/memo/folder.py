"""The folder of a matter: what is kept in a place, as far as it may be seen there now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.memo.contents import QuotedPassage
from corpus.citing.ids import parse_citation
from corpus.errors import NotFound, Withdrawn
from corpus.models import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.records.kept import KeptPassage
    from corpus.library import Library


def folders(
    library: Library, passages: Iterable[KeptPassage], scope: Scope
) -> dict[str, tuple[QuotedPassage, ...]]:
    """The quotations of each matter that may be seen, in the order in which they were kept.

    What is no longer within the scope is left out without a word; what was withdrawn is marked.
    """
    by_matter: dict[str, list[QuotedPassage]] = {}
    for passage in passages:
        if not scope.allows(passage.matter):
            continue
        quotations = by_matter.setdefault(passage.matter, [])
        citation = parse_citation(passage.citation)
        number = 1 + sum(quotation.source is not None for quotation in quotations)
        try:
            # Within its own matter: the same document may be filed in another one that is closed.
            source = library.source(citation, Scope.of(passage.matter))
        except Withdrawn:
            quotations.append(QuotedPassage(passage.citation, None, passage.question))
        except NotFound:
            continue
        else:
            quotation = QuotedPassage(passage.citation, source, passage.question, number)
            quotations.append(quotation)
    return {matter: tuple(quotations) for matter, quotations in by_matter.items() if quotations}
