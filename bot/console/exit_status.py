"""Whatever goes wrong becomes one line on standard error and an exit status of 1 or 2."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, Final

import typer

from bot.console.terminal import print_error
from bot.errors import RefusalError, SettingsError
from corpus.errors import CorpusError, InvalidMatter, MalformedCitation
from index.errors import SearchError

if TYPE_CHECKING:
    from collections.abc import Callable

DONE: Final = 0
REFUSED: Final = 1
WRONG_USAGE: Final = 2
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells expect


def run_to_status(command: Callable[[], int | None]) -> int:
    """Run a command to its exit status; no exception leaves this function."""
    try:
        status = command() or DONE
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_output()
        return REFUSED  # whoever read has enough; Typer ends the same way
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # the last resort: a person never sees a traceback
        return _explain(error)
    return status


def _explain(error: Exception) -> int:
    logging.getLogger(__name__).debug("command failed", exc_info=error)
    status, message = describe_error(error)
    for line in message.splitlines() or [type(error).__name__]:
        print_error(line)
    if isinstance(error, OSError):
        _forget_output()
    return status


def describe_error(error: Exception) -> tuple[int, str]:
    """An exit status for what went wrong, and what to tell the person."""
    match error:
        case typer.TyperException():
            return WRONG_USAGE, _of_usage(error)
        case SettingsError() | MalformedCitation() | InvalidMatter():
            return WRONG_USAGE, str(error)
        case CorpusError() | SearchError() | RefusalError():
            return REFUSED, str(error)
        case typer.Abort():
            return INTERRUPTED, "interrupted"
        case OSError():
            return REFUSED, _of_system(error)
    name, message = type(error).__name__, " ".join(str(error).split())
    return REFUSED, (
        f"unexpected {name}: {message}; set PINCITE_LOG_LEVEL=debug to see where, and report it"
    )


def _of_usage(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)  # absent where the fault belongs to no command
    command = "pincite" if context is None else context.command_path
    message = " ".join(error.format_message().split()).rstrip(".")
    return f"{message}; see '{command} --help'"


def _of_system(error: OSError) -> str:
    if error.errno is None:  # raised on purpose, with a message of its own
        return str(error)
    what = f"{error.filename}: " if error.filename else ""
    return f"{what}{error.strerror or error}; mend that and repeat, what was done is kept"


def _forget_output() -> None:
    """Keep Python from trying once more, at exit, to write what cannot be written."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
