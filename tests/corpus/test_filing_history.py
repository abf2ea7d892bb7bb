"""Any history of filing and withdrawing agrees with a slow, plain model of it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.citing.ids import document_id
from corpus.errors import NotFound, Withdrawn
from corpus.library import Library
from corpus.models import Scope
from tests.corpus.conftest import reading_of
from tests.databases import open_migrated
from tests.examples import examples

A = Scope.of("a")


@dataclass
class Model:
    """Filings as a list of dictionaries: text, matter, path, how it ended (None: live)."""

    filings: list[dict[str, str | None]] = field(default_factory=list)

    def file(self, text: str, matter: str, path: str) -> str:
        """File a text; returns the outcome."""
        here = [f for f in self.filings if f["matter"] == matter and f["ended"] is None]
        before = [f for f in here if f["path"] == path]
        if any(f["text"] == text for f in before):
            return "unchanged"
        twin = any(f["text"] == text for f in here)
        for f in before:
            f["ended"] = "superseded"
        self.filings.append({"text": text, "matter": matter, "path": path, "ended": None})
        return "replaced" if before else "unchanged" if twin else "added"

    def withdraw(self, text: str, scope: Scope) -> str:
        """Withdraw a text; returns what becomes known."""
        filings_of_text = [f for f in self.filings if f["text"] == text]
        filings_of_text = [
            f for f in filings_of_text if scope.is_all or f["matter"] in scope.matters
        ]
        if not filings_of_text:
            return "NotFound"
        open_ = [f for f in filings_of_text if f["ended"] != "withdrawn"]
        for f in open_:
            f["ended"] = "withdrawn"
        return ",".join(sorted({str(f["matter"]) for f in open_})) or "Withdrawn"

    def live(self) -> dict[str, set[str | None]]:
        """The matters of each live text."""
        matters_of: dict[str, set[str | None]] = {}
        for f in self.filings:
            if f["ended"] is None:
                matters_of.setdefault(str(f["text"]), set()).add(f["matter"])
        return matters_of

    def visible(self, scope: Scope) -> set[str]:
        """The texts that open within a scope."""
        return {
            str(f["text"])
            for f in self.filings
            if f["ended"] != "withdrawn" and (scope.is_all or f["matter"] in scope.matters)
        }


SCOPES = (Scope.all(), A, Scope.of("b"), Scope.of("a", "b"), Scope.of())
TEXTS = st.sampled_from(["one", "two", "three"])
STEP = st.one_of(
    st.tuples(st.just("file"), TEXTS, st.sampled_from("ab"), st.sampled_from(["/x", "/y"])),
    st.tuples(st.just("withdraw"), TEXTS, st.sampled_from(SCOPES)),
)


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(STEP, max_size=12))
def test_any_history_agrees_with_a_plain_model(steps: list[tuple[Any, ...]]) -> None:
    """Outcomes, what is live where, what opens to whom, and that every change was numbered."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_migrated("", folder=Path(folder))
        compare(Library(database), Model(), steps)
        database.dispose()


def compare(library: Library, model: Model, steps: list[tuple[Any, ...]]) -> None:
    """Do the same to both, and look at both after each step."""
    texts = {document_id(reading_of(t).sha256): t for t in ("one", "two", "three")}
    ids = {text: name for name, text in texts.items()}
    for kind, text, *where in steps:
        revision, before = library.revision(), library.live_matters()
        if kind == "file":
            outcome = library.file(reading_of(text), matter=where[0], path=where[1]).outcome
            assert outcome == model.file(text, where[0], where[1])
        else:
            [scope] = where
            try:
                result = ",".join(library.withdraw(ids[text], scope=scope))
            except (NotFound, Withdrawn) as error:
                result = type(error).__name__
            assert result == model.withdraw(text, scope)
        after = library.live_matters()
        assert {texts[name]: set(matters) for name, matters in after.items()} == model.live()
        changed = {name for name in ids.values() if before.get(name) != after.get(name)}
        assert changed <= set(library.changed_since(revision, Scope.all()))
        for scope in SCOPES:
            assert {texts[r.id] for r in library.documents(scope)} == model.visible(scope)
