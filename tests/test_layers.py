"""Imports run bot -> index -> corpus and never back; the network and the settings stay in bot."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.storage.locks import Lock

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
FORBIDDEN = {
    "corpus": {"bot", "index", "telegram", "pydantic_settings", "typer", "rich"},
    "index": {"bot", "telegram", "pydantic_settings", "typer", "rich"},
    "bot": {"tests", "benchmarks"},
}


def _modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield node.module or ""


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_run_downwards(package: str) -> None:
    """No module imports what stands above it, late imports and those for types included."""
    modules = _modules(package)
    assert modules
    for module in modules:
        tops = {name.partition(".")[0] for name in _imported(ast.parse(module.read_bytes()))}
        assert not tops & FORBIDDEN[package], f"{module.relative_to(ROOT)} looks upwards"


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_folders_never_look_at_each_other_in_a_circle(layer: str) -> None:
    """Within a layer too, each folder can be understood by itself and what stands below it.

    A layer's own modules are left out: some are words for all folders, some put folders together.
    """
    folders = sorted(path.parent.name for path in (ROOT / layer).glob("*/__init__.py"))
    below = {folder: _folders_below(layer, folder) & set(folders) for folder in folders}
    assert any(below.values()) or len(folders) < 2
    assert tuple(TopologicalSorter(below).static_order())  # raises CycleError


def _folders_below(layer: str, folder: str) -> set[str]:
    imports = {
        name
        for module in _modules(f"{layer}/{folder}")
        for name in _imported(ast.parse(module.read_bytes()))
        if name.startswith(f"{layer}.")
    }
    return {name.split(".")[1] for name in imports} - {folder}


@pytest.mark.parametrize("package", ["corpus", "index"])
def test_only_the_face_reads_the_environment(package: str) -> None:
    """The layers below take plain arguments: what they do depends on nothing unsaid."""
    for module in _modules(package):
        for node in ast.walk(ast.parse(module.read_bytes())):
            name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
            assert name not in {"environ", "environb", "getenv"}, module.relative_to(ROOT)


def test_every_lock_has_a_number_of_its_own() -> None:
    """Numbers stand in the registry alone, which refuses one that is used twice."""
    modules = [module for package in FORBIDDEN for module in _modules(package)]
    places = [module for module in modules if "0x70696E" in module.read_text("utf-8")]
    assert places == [ROOT / "corpus" / "storage" / "locks.py"]
    for lock in Lock:
        assert lock >> 8 == int.from_bytes(b"pin"), lock
