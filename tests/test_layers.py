"""Imports run bot -> index -> corpus and never back; the network and the settings stay in bot.

What builds tables and weights, `tools`, stands beside: it looks down, and nothing looks at it.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.storage.locks import Lock

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

ROOT = Path(__file__).resolve().parents[1]
FORBIDDEN = {
    "corpus": {"bot", "index", "tools", "telegram", "pydantic_settings", "typer", "rich"},
    "index": {"bot", "tools", "telegram", "pydantic_settings", "typer", "rich"},
    "bot": {"tests", "benchmarks", "tools"},
    "tools": {"bot", "telegram", "pydantic_settings", "typer", "rich", "tests", "benchmarks"},
}


def _modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@cache
def _nodes(module: Path) -> list[ast.AST]:
    # All tests look at the same modules: reading them takes longer than looking.
    return list(ast.walk(ast.parse(module.read_bytes())))


@cache
def _imported(module: Path) -> frozenset[str]:
    return frozenset(_names_imported(module))


def _names_imported(module: Path) -> Iterator[str]:
    for node in _nodes(module):
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
        tops = {name.partition(".")[0] for name in _imported(module)}
        assert not tops & FORBIDDEN[package], f"{module.relative_to(ROOT)} looks upwards"


@pytest.mark.parametrize("layer", ["corpus", "index", "bot"])
def test_folders_never_look_at_each_other_in_a_circle(layer: str) -> None:
    """Within a layer too, each folder can be understood by itself and what stands below it.

    A layer's own modules are left out: some are words for all folders, some put folders together.
    """
    folders = sorted(path.parent.name for path in (ROOT / layer).glob("*/__init__.py"))
    below = {folder: _folders_below(layer, folder) & set(folders) for folder in folders}
    assert any(below.values()) or len(folders) < 2
    assert tuple(TopologicalSorter(below).static_order())  # raises CycleError


def test_modules_never_import_each_other_in_a_circle() -> None:
    """Every module can be understood by itself and what stands below it.

    Late imports and those for types count as well: they run without harm, but a reader who follows
    them still goes round.
    """
    names = {_name(module): module for package in FORBIDDEN for module in _modules(package)}
    below = {name: _modules_below(path, names) - {name} for name, path in names.items()}
    assert below["index.search"] >= {"index.answer", "corpus.models"}
    assert tuple(TopologicalSorter(below).static_order())  # raises CycleError


def _name(module: Path) -> str:
    parts = module.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _modules_below(module: Path, names: Container[str]) -> set[str]:
    """The modules that a module imports, whichever form of the statement it uses."""
    imports = set()
    for node in ast.walk(ast.parse(module.read_bytes())):
        if isinstance(node, ast.Import):
            imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            members = {f"{node.module}.{alias.name}" for alias in node.names}
            submodules = {member for member in members if member in names}
            imports |= submodules
            # What is no module of its own stands in the package itself.
            imports |= {node.module} if members - submodules else set()
    return {name for name in imports if name in names}


def _folders_below(layer: str, folder: str) -> set[str]:
    imports = {
        name
        for module in _modules(f"{layer}/{folder}")
        for name in _imported(module)
        if name.startswith(f"{layer}.")
    }
    return {name.split(".")[1] for name in imports} - {folder}


# What starts worker processes makes the environment that these see.
MAKE_ENVIRONMENTS = {"corpus/sandbox.py", "corpus/workers.py"}


@pytest.mark.parametrize("package", ["corpus", "index", "tools"])
def test_only_the_face_reads_the_environment(package: str) -> None:
    """The layers below take plain arguments: what they do depends on nothing unsaid."""
    for module in _modules(package):
        if module.relative_to(ROOT).as_posix() in MAKE_ENVIRONMENTS:
            continue
        for node in _nodes(module):
            name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
            assert name not in {"environ", "environb", "getenv"}, module.relative_to(ROOT)


def test_every_lock_has_a_number_of_its_own() -> None:
    """Numbers stand in the registry alone, which refuses one that is used twice."""
    modules = [module for package in FORBIDDEN for module in _modules(package)]
    places = [module for module in modules if "0x70696E" in module.read_text("utf-8")]
    assert places == [ROOT / "corpus" / "storage" / "locks.py"]
    for lock in Lock:
        assert lock >> 8 == int.from_bytes(b"pin"), lock


@pytest.mark.slow
def test_a_question_is_answered_without_what_builds(tmp_path: Path) -> None:
    """`pincite add` and `pincite ask`, in a process of their own, load no builder."""
    (tmp_path / "note.txt").write_text("The lease was terminated for arrears of rent.\n")
    note, folder = str(tmp_path / "note.txt"), str(tmp_path / "data")
    program = f"""
import sys
from bot.__main__ import main
for arguments in (["add", {note!r}], ["ask", "why was the lease terminated?"]):
    sys.argv = ["pincite", "--data", {folder!r}, *arguments]
    try:
        main()
    except SystemExit as end:
        assert not end.code, end.code
loaded = {{name for name in sys.modules if name.partition(".")[0] == "tools"}}
print("builders loaded:", sorted(loaded), "expansion" in " ".join(sys.modules))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, timeout=120, check=False,
    )  # fmt: skip
    assert ran.stdout.endswith("builders loaded: [] True\n"), ran.stderr
    assert "arrears of rent" in ran.stdout
