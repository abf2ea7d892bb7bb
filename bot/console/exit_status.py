"""Every error becomes one line on standard error and an exit status of 1 or 2."""

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
    """Run a command and return its exit status. No exception leaves this function."""
    try:
        status = command() or DONE
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        return REFUSED  # the reader closed the pipe, as `head` does; Typer returns the same
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # the last resort: users never see a traceback
        return _report(error)
    return status


def _report(error: Exception) -> int:
    logging.getLogger(__name__).debug("command failed", exc_info=error)
    status, message = describe_error(error)
    for line in message.splitlines() or [type(error).__name__]:
        print_error(line)
    if isinstance(error, OSError):  # perhaps a full disk behind standard output
        _discard_output()
    return status


def describe_error(error: Exception) -> tuple[int, str]:
    """The exit status for an error, and the message for the person."""
    match error:
        case typer.TyperException():
            return WRONG_USAGE, _usage_message(error)
        case SettingsError() | MalformedCitation() | InvalidMatter():
            return WRONG_USAGE, str(error)
        case CorpusError() | SearchError() | RefusalError():
            return REFUSED, str(error)
        case typer.Abort():
            return INTERRUPTED, "interrupted"
        case OSError():
            return REFUSED, _system_message(error)
    name, message = type(error).__name__, " ".join(str(error).split())
    return REFUSED, (
        f"unexpected {name}: {message}; set PINCITE_LOG_LEVEL=debug to see where, and report it"
    )


def _usage_message(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)  # absent if the error belongs to no command
    command = "pincite" if context is None else context.command_path
    message = " ".join(error.format_message().split()).rstrip(".")
    return f"{message}; see '{command} --help'"


def _system_message(error: OSError) -> str:
    if error.errno is None:  # raised by our own code, with a message
        return str(error)
    prefix = f"{error.filename}: " if error.filename else ""
    return f"{prefix}{error.strerror or error}; mend that and repeat, what was done is kept"


def _discard_output() -> None:
    """Drop unwritten output. Python would try to write it again at exit, and print a traceback."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
