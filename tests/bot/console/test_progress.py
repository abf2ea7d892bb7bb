"""The progress bar: only for a person, only while there is work."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console

from bot.console.progress import progress_bar
from bot.console.terminal import print_parts


class Screen(io.StringIO):
    """Standard error as a terminal."""

    def isatty(self) -> bool:
        return True


def _screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    return screen


def test_without_work_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening what is there already does not make the terminal flicker."""
    screen = _screen(monkeypatch)
    with progress_bar() as report:
        assert report is not None
    assert screen.getvalue() == ""


def test_work_is_drawn_and_the_cursor_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar shows what is at work; when work fails too, the cursor that it hid is shown again."""
    screen = _screen(monkeypatch)

    def fail() -> None:
        with progress_bar() as report:
            assert report is not None
            report(1, 3, "lease.txt")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert "lease.txt" in screen.getvalue()
    assert "1/3" in screen.getvalue()
    assert screen.getvalue().rpartition("\x1b[?25h")[2].count("\x1b[?25l") == 0


def test_a_log_gets_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody watches there is nothing to call."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress_bar() as report:
        assert report is None


def test_what_is_printed_meanwhile_stands_above_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each outcome begins a line of its own, where the bar is wiped away first."""
    screen = _screen(monkeypatch)
    terminal = Console(file=screen, force_terminal=True, width=80)
    with progress_bar(terminal) as report:
        assert report is not None
        report(0, 2, "lease.txt")
        print_parts(terminal, "added lease.txt")
        report(1, 2, "memo.txt")
    before, _, _ = screen.getvalue().partition("added lease.txt")
    assert before.endswith("\r\x1b[2K")
