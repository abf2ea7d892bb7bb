"""Questions asked before, under the arrow keys, where this Python was built with readline."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

try:
    import readline
except ImportError:  # some builds of Python lack it; the chat works without a history
    AVAILABLE = False
else:
    AVAILABLE = True

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

LINES: Final = 1000


@contextmanager
def remembered(file: Path, commands: Sequence[str] = ()) -> Iterator[None]:
    """Load the lines kept in `file`, and keep them again, with the new ones, in the end.

    Meanwhile the Tab key completes `commands`.
    """
    if not AVAILABLE:
        yield
        return
    _complete(commands)
    readline.set_history_length(LINES)
    try:
        readline.read_history_file(file)
    except OSError:
        readline.clear_history()  # the first time, or one that cannot be read: begin anew
    try:
        yield
    finally:
        _keep(file)


def _complete(commands: Sequence[str]) -> None:
    def choice(begun: str, number: int) -> str | None:
        fitting = [each for each in commands if begun.startswith("/") and each.startswith(begun)]
        return fitting[number] if number < len(fitting) else None

    readline.set_completer(choice)
    readline.set_completer_delims(" ")
    editline = "libedit" in (readline.__doc__ or "")  # what macOS has in its place
    readline.parse_and_bind("bind ^I rl_complete" if editline else "tab: complete")


def _keep(file: Path) -> None:
    try:
        file.touch(mode=0o600)
        readline.write_history_file(file)
    except OSError as error:
        logging.getLogger(__name__).warning("the history was not kept: %s", error)
