"""Every reason that the layers below the bot can give, found in their source.

What is raised, filed or noted is followed back through names, tables, choices and functions of the
same module to the words themselves; what only running tells stands as `7`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[3] / "corpus"
UNKNOWN = "7"
_GIVING = {"UnreadableFile": 0, "_Died": 0, "refused": 2, "Found": 1}
_NAMED = {"reason", "note", "problem"}


def given_reasons() -> set[str]:
    """The reasons, each with `7` where a fact stands."""
    return {
        reason
        for path in sorted(CORPUS.rglob("*.py"))
        for reason in _Module(ast.parse(path.read_text(encoding="utf-8"))).reasons()
        if reason.strip(UNKNOWN)
    }


class _Module:
    """The words of one module."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._values: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            self._note(node)

    def reasons(self) -> Iterator[str]:
        """What its calls give as reasons, and a worker answers."""
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Call):
                at = _GIVING.get(_name(node.func))
                given = [node.args[at]] if at is not None and len(node.args) > at else []
                given += [each.value for each in node.keywords if each.arg in _NAMED]
                yield from (words for each in given for words in self._words(each))
            if isinstance(node, ast.Tuple) and len(node.elts) == 2:
                kind, what = node.elts
                if isinstance(kind, ast.Constant) and kind.value == "refused":
                    yield from self._words(what)

    def _note(self, node: ast.AST) -> None:
        """Remember what a name may stand for."""
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value:
            self._bind(node.target, node.value)
        elif isinstance(node, ast.FunctionDef):
            found = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
            self._values.setdefault(node.name, []).extend(each for each in found if each)
        elif isinstance(node, ast.For | ast.comprehension):
            for row in self._rows(node.iter):
                self._bind(node.target, row)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            self._arguments(node)

    def _arguments(self, call: ast.Call) -> None:
        """A parameter stands for what is passed."""
        for function in self._tree.body:
            if isinstance(function, ast.FunctionDef) and function.name == _name(call.func):
                for parameter, value in zip(function.args.args, call.args, strict=False):
                    self._values.setdefault(parameter.arg, []).append(value)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, its in zip(target.elts, value.elts, strict=False):
                self._bind(one, its)

    def _rows(self, table: ast.expr) -> list[ast.expr]:
        """The rows of a table that stands in the module."""
        tables = self._values.get(table.id, []) if isinstance(table, ast.Name) else []
        return [row for each in tables if isinstance(each, ast.Tuple) for row in each.elts]

    def _words(self, node: ast.expr, seen: frozenset[str] = frozenset()) -> list[str]:
        """All that an expression may say."""
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else []
        if isinstance(node, ast.JoinedStr):
            return self._joined(node.values, seen)
        if isinstance(node, ast.FormattedValue):
            return self._words(node.value, seen) or [UNKNOWN]
        either = _choices(node)
        name = _name(node.func if isinstance(node, ast.Call) else node)
        if name in self._values and name not in seen:
            either, seen = self._values[name], seen | {name}
        return [words for each in either for words in self._words(each, seen)]

    def _joined(self, parts: list[ast.expr], seen: frozenset[str]) -> list[str]:
        choices = [self._words(part, seen) or [UNKNOWN] for part in parts]
        return ["".join(choice) for choice in product(*choices)]


def _choices(node: ast.expr) -> list[ast.expr]:
    """The expressions that another one chooses from."""
    match node:
        case ast.IfExp(body=one, orelse=other):
            return [one, other]
        case ast.BoolOp(values=either) | ast.Dict(values=either):
            return either
        case ast.Subscript(value=table) | ast.Call(func=ast.Attribute(value=table, attr="get")):
            return [table]
        case ast.Call(func=ast.Name(id="next"), args=[ast.GeneratorExp(elt=each), *default]):
            return [each, *default]
    return []


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
