"""Every regular expression of the tree, and texts that would make a bad one slow.

An expression is slow where one of its repetitions can begin at many places, or match one text in
many ways. So for each repetition texts are made of what stands before it and of what it repeats,
over and over, ending with something that never matches.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import re._constants as codes  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from types import ModuleType
from typing import Any

PACKAGES = ("bot", "corpus", "index")
NEVER = "\0"
LONGEST_TABLE = 1000
"""No longer table holds expressions: those are of words."""
_METHODS = {"search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"}
MOST_TEXTS = 40
"""Of one expression; the longest have some hundred repetitions."""
_CATEGORIES = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_NOT_WORD: "-",
    codes.CATEGORY_NOT_DIGIT: "a",
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression of the tree, and how it is used."""

    pattern: re.Pattern[str]
    is_anchored: bool
    """Whether it is only ever tried at one place: by `match` and `fullmatch`."""

    def run(self, text: str) -> None:
        """Use it on a text, as the tree does."""
        if self.is_anchored:
            self.pattern.match(text)
            self.pattern.fullmatch(text)
        else:
            for _ in self.pattern.finditer(text):
                pass


@cache
def expressions() -> dict[str, Expression]:
    """By module and pattern, all that are compiled when a module is imported, or written in a call.

    Those over bytes are left out: they meet files of known formats.
    """
    modules = list(_modules())
    uses = {module: _methods_in(module) for module in modules}
    anywhere: dict[tuple[str, int], tuple[str, bool]] = {}
    for module in modules:
        for name, value in vars(module).items():
            # A private name is used in its own module alone.
            users = [module] if name.startswith("_") else modules
            methods = set().union(*(uses[user].get(name, ()) for user in users))
            is_named = isinstance(value, re.Pattern) and bool(methods)
            anchored = is_named and methods <= {"match", "fullmatch"}
            for pattern in _held_by(value, set()):
                _note(anywhere, module, pattern, is_anchored=anchored)
        for pattern, method in _in_calls(module):
            _note(anywhere, module, pattern, is_anchored=method in ("match", "fullmatch"))
    return {
        f"{module} {pattern}": Expression(re.compile(pattern, flags), is_anchored)
        for (pattern, flags), (module, is_anchored) in sorted(anywhere.items())
    }


def _methods_in(module: ModuleType) -> dict[str, set[str]]:
    """By name, what a module calls of it: `{"_NAME": {"match", "pattern"}}`."""
    methods: dict[str, set[str]] = defaultdict(set)
    source = inspect.getsource(module) if module.__file__ else ""
    for name, method in re.findall(r"\b(\w+)\.(\w+)\b", source):
        methods[name].add(method)
    return methods


def _note(
    anywhere: dict[tuple[str, int], tuple[str, bool]],
    module: ModuleType,
    pattern: re.Pattern[Any],
    *,
    is_anchored: bool,
) -> None:
    if isinstance(pattern.pattern, str):
        key = pattern.pattern, pattern.flags
        # What is imported elsewhere, or used in two ways, is judged by the harder one.
        before = anywhere.get(key, (module.__name__, True))
        anywhere[key] = before[0], before[1] and is_anchored


def _modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        root = importlib.import_module(package)
        yield root
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            if info.name.endswith("__main__"):
                continue
            try:
                yield importlib.import_module(info.name)
            except ImportError:  # an extra that is not installed
                continue


def _held_by(value: object, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value, in containers and classes of the tree, however deep."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        yield value
    for inner in _inside(value):
        yield from _held_by(inner, seen)


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, type):
        is_ours = value.__module__.partition(".")[0] in PACKAGES
        value = dict(vars(value)) if is_ours else ()
    if isinstance(value, Mapping):
        return [inner for key, inner in list(value.items()) if not str(key).startswith("__")]
    if isinstance(value, list | tuple | set | frozenset):
        return value if len(value) < LONGEST_TABLE else ()
    fields = getattr(value, "__dataclass_fields__", ())
    return [getattr(value, name, None) for name in fields]


def _in_calls(module: ModuleType) -> Iterator[tuple[re.Pattern[str], str]]:
    """The patterns of calls such as `re.sub("a+", …)`, where the pattern is written out."""
    for node in ast.walk(ast.parse(inspect.getsource(module) if module.__file__ else "")):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
            and node.func.attr in _METHODS
        ):
            yield re.compile(node.args[0].value), node.func.attr


def units_of(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """What comes once and what is repeated after it, for each repetition of an expression."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    pairs = dict.fromkeys(_pairs(tree, ""))
    whole = _sample(tree)
    candidates: dict[tuple[str, str], None] = {}
    for before, unit in pairs:
        candidates |= dict.fromkeys([(before, unit), ("", before + unit), ("", unit)])
    candidates[("", whole)] = None
    candidates[("", whole[:-1])] = None
    return [pair for pair in islice(candidates, MOST_TEXTS) if pair[1]]


def text_of(before: str, unit: str, size: int) -> str:
    """A text of so many characters that an expression nearly matches."""
    count = max(1, (size - len(before)) // len(unit))
    return f"{before}{unit * count}{NEVER}"


def _pairs(tree: Iterable[Any], before: str) -> Iterator[tuple[str, str]]:
    """For each repetition, a sample of what stands before it and of what it repeats."""
    for code, argument in tree:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            least, most, body = argument
            unit = _sample(body)
            if most > 8:
                yield before, unit
                # Two characters that one class holds may be told apart by what follows it.
                for other in _others(body):
                    yield before, other
            yield from _pairs(body, before)
            before += unit * max(1, min(least, 4))
        elif code is codes.SUBPATTERN:
            yield from _pairs(argument[3], before)
            before += _sample(argument[3])
        elif code is codes.BRANCH:
            for branch in argument[1]:
                yield from _pairs(branch, before)
            before += _sample(argument[1][0])
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _pairs(argument[1], before)
        elif code is codes.ATOMIC_GROUP:
            yield from _pairs(argument, before)
            before += _sample(argument)
        else:
            before += _sample([(code, argument)])


def _others(body: Iterable[Any]) -> Iterator[str]:
    for code, argument in body:
        if code is codes.IN:
            for kind, value in list(argument)[:4]:
                yield _of_class([(kind, value)])
        elif code is codes.BRANCH:
            for branch in argument[1][:4]:
                yield _sample(branch)


def _sample(tree: Iterable[Any]) -> str:
    """A text that a part of an expression matches, as far as that can be told simply."""
    parts: list[str] = []
    for code, argument in tree:
        if code is codes.LITERAL:
            parts.append(chr(argument))
        elif code is codes.NOT_LITERAL:
            parts.append("a" if argument != ord("a") else "b")
        elif code is codes.ANY:
            parts.append("a")
        elif code is codes.IN:
            parts.append(_of_class(argument))
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            parts.append(_sample(argument[2]) * max(1, min(argument[0], 8)))
        elif code is codes.SUBPATTERN:
            parts.append(_sample(argument[3]))
        elif code is codes.ATOMIC_GROUP:
            parts.append(_sample(argument))
        elif code is codes.BRANCH:
            parts.append(_sample(argument[1][0]))
    return "".join(parts)


def _of_class(items: Iterable[tuple[Any, Any]]) -> str:
    ordered = list(items)
    if ordered and ordered[0][0] is codes.NEGATE:
        refused = "".join(map(_written, ordered[1:]))
        samples = "a1 -\n.汉\u00a0\u2603"
        return next(c for c in samples if not refused or not re.match(f"[{refused}]", c))
    for kind, value in ordered:
        if kind is codes.LITERAL:
            return chr(value)
        if kind is codes.RANGE:
            return chr(value[0])
        if kind is codes.CATEGORY:
            return _CATEGORIES.get(value, "a")
    return "a"


def _written(item: tuple[Any, Any]) -> str:
    kind, value = item
    if kind is codes.LITERAL:
        return re.escape(chr(value))
    if kind is codes.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    names = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
    name = str(value).removeprefix("CATEGORY_")
    short = names.get(name.removeprefix("NOT_"), "")
    return short.upper() if name.startswith("NOT_") else short
