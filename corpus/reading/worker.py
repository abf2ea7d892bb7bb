"""The inside of a reading process: take a file, answer, take the next. See `bounded`."""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from multiprocessing.connection import Connection
from typing import TypeAlias

from corpus.errors import UnreadableFile
from corpus.models import Reading
from corpus.reading.pace import listen

Answer: TypeAlias = tuple[str, Reading | str]
"""`read` and the reading without its bytes, `refused` and why, or `memory`; `reading` before it."""


def serve(connection: int, life: int, memory_mb: int, reader: str) -> None:
    """Read files until the connection ends. The numbers are file descriptors, then megabytes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the parent that Ctrl-C speaks to
    _die_with_parent(life)
    _limit_memory(memory_mb << 20)
    module, _, function = reader.partition(":")
    read: Callable[[bytes, str], Reading] = getattr(import_module(module), function)
    files: Connection[Answer, tuple[bytes, str]] = Connection(connection)
    listen(lambda: files.send(("reading", "")))
    while True:
        try:
            content, name = files.recv()
            files.send(_answer(read, content, name))
        except MemoryError:
            files.send(("memory", ""))
        except (EOFError, OSError):
            return


def _answer(read: Callable[[bytes, str], Reading], content: bytes, name: str) -> Answer:
    try:
        return "read", replace(read(content, name), content=b"")  # the parent has the bytes
    except UnreadableFile as refusal:
        return "refused", str(refusal)
    except MemoryError:
        raise
    except Exception as error:  # whatever a library throws at a broken file
        description = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return "refused", f"the reader failed on it, it may be damaged ({description})"


def _die_with_parent(life: int) -> None:
    """Have the kernel end this process when the pipe closes, whatever it is doing by then."""
    with contextlib.suppress(OSError):  # where pipes cannot signal, it ends after its file
        fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([life], [], [], 0)[0]:  # it closed before we listened
        sys.exit()


def _limit_memory(limit: int) -> None:
    # What is written to counts, not what is mapped: libraries map far more than they use.
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
