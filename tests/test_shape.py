"""The shape of the code: names that stand for one thing, and no more in one place than is read.

Tests and benchmarks are not held to it: a long dialogue or a table of cases reads well as it is.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "index", "corpus", "tools")
# CONTRIBUTING asks for 40 and about 450. What is a little longer is cut when it is next worked on;
# beyond these numbers it is cut at once.
LONGEST_FUNCTION = 50
LONGEST_MODULE = 475
# Texts in three languages: each text stands below its translation, so that both are changed.
TABLES_OF_TEXTS = {"bot/texts/people.py", "bot/texts/reason_sentences.py"}


def _modules() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def test_no_two_classes_share_a_name() -> None:
    """One name means one thing in the whole project, private ones included."""
    places = defaultdict(list)
    for name, source in _modules().items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    """Each does one thing: cut a longer one by what it does."""
    assert [
        f"{name}:{node.lineno} {node.name}"
        for name, source in _modules().items()
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ] == []


def test_no_module_is_longer_than_one_subject() -> None:
    """About 450 lines: split a longer one by subject."""
    lengths = {name: source.count("\n") for name, source in _modules().items()}
    assert lengths
    assert {
        name: length
        for name, length in lengths.items()
        if length > LONGEST_MODULE and name not in TABLES_OF_TEXTS
    } == {}
