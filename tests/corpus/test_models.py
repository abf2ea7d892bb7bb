"""A scope against the plain sets that it stands for."""

from __future__ import annotations

import inspect

from hypothesis import given
from hypothesis import strategies as st

from corpus.library import Library
from corpus.models import Scope
from index.search import Searcher

NAMES = ("lease", "merger", "estate", "audit")
SETS = st.none() | st.frozensets(st.sampled_from(NAMES))


def scope_of(names: frozenset[str] | None) -> Scope:
    """None stands for every matter, in these tests alone."""
    return Scope.all() if names is None else Scope.of(*names)


@given(SETS, SETS)
def test_a_scope_allows_what_its_set_holds(
    first: frozenset[str] | None, second: frozenset[str] | None
) -> None:
    """Names that it allows, and those that two scopes allow together."""
    universe = frozenset(NAMES)
    scope_of_set, yours = (universe if names is None else names for names in (first, second))
    scope = scope_of(first)
    assert {name for name in NAMES if scope.allows(name)} == scope_of_set
    assert scope.visible(NAMES) == scope_of_set
    assert (scope & scope_of(second)).visible(NAMES) == scope_of_set & yours
    assert (scope & scope_of(second)).is_all == (first is None and second is None)
    assert scope.is_empty == (not scope_of_set)


def test_names_of_everything_are_none() -> None:
    """Code that looks at the names of a scope alone, wrongly, shows nothing rather than all."""
    assert Scope.all().matters == Scope.of().matters == frozenset()
    assert Scope.all() != Scope.of()


def test_no_scope_by_default() -> None:
    """Whoever reads or searches says within what: forgetting it is an error, not everything."""
    for methods in (Library, Searcher):
        for name, method in inspect.getmembers(methods, inspect.isfunction):
            scope = inspect.signature(method).parameters.get("scope")
            assert scope is None or scope.default is inspect.Parameter.empty, name
