"""A bar on standard error while a person watches; nothing into a pipe or a log."""

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
"""Called with what is done, what there is to do, and what is at work now."""

_WIDTH: Final = 40


@contextmanager
def progress_bar(terminal: Console | None = None) -> Iterator[Report | None]:
    """What to call as work proceeds; None where nobody would see it.

    The bar is drawn from the first call on, and is gone in the end. What is printed meanwhile on
    `terminal` comes above it.
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
        redirect_stdout=False,  # what is printed into a pipe stays there
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
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.1f}/s" if speed else "")
