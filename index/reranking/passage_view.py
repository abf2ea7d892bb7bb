"""A passage as features see it: its terms in order, its sentences, and what stands above it.

Passages never change, so a view is made once and cached while it is used.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.reranking.roles import find_defined_terms, find_roles
from index.text.analyzer import scan
from index.text.laws import cited, titled, work
from index.text.normalize import fold

CACHE_SIZE = 4096
"""Views in memory; some 20 KB each."""

_ENDS = re.compile(r"[。！？!?；;\n]|(?<=[a-z0-9)\"'])\.(?=\s|$)")


class PassageText(Protocol):
    """A passage as it is written, and what stands above it."""

    @property
    def text(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def pin(self) -> str: ...


Fetch = Callable[[Sequence[int]], Mapping[int, PassageText]]
"""Passages by key, as far as there are any."""


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage's folded text; its terms by where they start, and the sentence each stands in.

    `above`: the terms of its headings and title, and the article of a law that it is. `work`: what
    it is a part of, a law by its name where the title is that of an article. `roles`: what it is
    in its document (`index.reranking.roles`); `defined`: the terms that it defines.
    """

    text: str
    terms: tuple[str, ...]
    starts: tuple[int, ...]
    sentences: tuple[int, ...]
    above: frozenset[str]
    title: str
    folded_title: str
    work: str
    roles: frozenset[str]
    defined: tuple[str, ...]


def view_passage(passage: PassageText) -> PassageView:
    """Analyze a passage once for all its questions."""
    folded = fold(passage.text)
    tokens = sorted(scan(folded), key=lambda token: token[1])
    ends = [match.end() for match in _ENDS.finditer(folded.text)]
    heading, title = fold(passage.heading), fold(passage.title)
    above = {term for part in (heading, title) for term, _, _ in scan(part)}
    above.update(term for _, _, term in cited(titled(passage.title, passage.pin)))
    return PassageView(
        text=folded.text,
        terms=tuple(term for term, _, _ in tokens),
        starts=tuple(start for _, start, _ in tokens),
        sentences=tuple(bisect_right(ends, start) for _, start, _ in tokens),
        above=frozenset(above),
        title=passage.title,
        folded_title=title.text,
        work=work(passage.title),
        roles=find_roles(folded.text, heading.text),
        defined=find_defined_terms(folded.text),
    )


class PassageViews:
    """Views by key, those used last kept. Safe to share between threads."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._cache: OrderedDict[int, PassageView] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, keys: Sequence[int]) -> dict[int, PassageView]:
        """The views of passages; those that are no more are left out."""
        with self._lock:
            views = {key: self._cache[key] for key in keys if key in self._cache}
        # Analysis is slow and stays outside the lock; two threads may do it twice, to no harm.
        missing = [key for key in keys if key not in views]
        fetched = self._fetch(missing) if missing else {}
        views.update((key, view_passage(passage)) for key, passage in fetched.items())
        with self._lock:
            for key, view in views.items():
                self._cache[key] = view
                self._cache.move_to_end(key)
            while len(self._cache) > CACHE_SIZE:
                self._cache.popitem(last=False)
        return views
