"""A progress bar on standard error for a person, and nothing for a pipe or a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

Report: TypeAlias = Callable[[int, int, str], None]
"""Called with the number done, the total, and the name of the present item."""

_WIDTH: Final = 40


@contextmanager
def progress_bar(terminal: Console | None = None) -> Iterator[Report | None]:
    """Give a function to call as work proceeds, or None where no person would see the bar.

    The bar appears with the first call and is removed at the end. Lines printed on `terminal` in
    the meantime appear above it.
    """
    if not sys.stderr.isatty():
        yield None
        return
    bar = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
        console=terminal if terminal and terminal.is_terminal else Console(stderr=True),
        transient=True,
        redirect_stdout=False,  # rich would send output for a pipe to the terminal
    )
    task = bar.add_task("", total=None)

    def report(done: int, total: int, what: str) -> None:
        bar.update(task, completed=done, total=total, description=what[:_WIDTH])
        if not bar.live.is_started:
            bar.start()

    try:
        yield report
    finally:
        if bar.live.is_started:
            bar.stop()


class _Rate(ProgressColumn):
    """The number of items done in a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.1f}/s" if speed else "")
