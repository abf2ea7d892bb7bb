"""`pincite glossary check`: what is wrong with a team's own glossary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.console.exit_status import DONE, REFUSED
from bot.console.terminal import open_terminal, print_parts, printable_path
from index.vocabulary.glossary import check as problems_of

if TYPE_CHECKING:
    from pathlib import Path


def check(file: Path) -> int:
    """Print what is wrong, a line each, with the mend; REFUSED when something is."""
    terminal, name = open_terminal(), printable_path(file)
    problems = problems_of(file)
    for problem in problems:
        print_parts(terminal, f"{name}: {problem}")
    if not problems:
        print_parts(terminal, f"{name}: nothing is wrong with it")
    return REFUSED if problems else DONE
