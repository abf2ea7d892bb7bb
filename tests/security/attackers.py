"""What attackers do inside worker processes: stand-ins for a parser that was taken over."""

from __future__ import annotations

import json
import os
import pickle
import socket
import subprocess
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from corpus.models import Reading
from corpus.reading.read import read as read_well


def _run() -> object:
    return subprocess.run(["/bin/true"], check=True)


def _inet() -> object:
    return socket.create_connection(("127.0.0.1", 9), 1)


def _unix() -> object:
    return socket.socket(socket.AF_UNIX)


ATTEMPTS: dict[str, Callable[[str], object]] = {
    "environment": lambda _: dict(os.environ),
    "environment of the parent": lambda _: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    "memory of the parent": lambda _: Path(f"/proc/{os.getppid()}/mem").read_bytes(),
    "open files": lambda _: [
        str(file.readlink()) for file in Path("/proc/self/fd").iterdir() if file.is_symlink()
    ],
    "read": lambda path: Path(path).read_bytes(),
    "list": lambda path: list(Path(path).iterdir()),
    "write": lambda path: Path(path).write_bytes(b"x"),
    "write here": lambda _: Path("a").write_bytes(b"x"),
    "what lies here": lambda _: sorted(Path().iterdir()),
    "internet": lambda _: _inet(),
    "local socket": lambda _: _unix(),
    "run": lambda _: _run(),
    "fork": lambda _: os.fork(),
    "signal the parent": lambda _: os.kill(os.getppid(), 0),
    "thread": lambda _: threading.Thread(target=list).start(),
}
"""What is tried, by the first line of a file; its second line is the argument."""


def read(content: bytes, name: str) -> Reading:
    """Try what the file says, and return as the text what came of it."""
    attempt, _, argument = content.decode().partition("\n")
    try:
        outcome = f"done: {ATTEMPTS[attempt](argument)!r}"
    except OSError as error:
        outcome = f"failed: {type(error).__name__}"
    return read_well(outcome.encode(), name)


class _Bomb:
    """What runs a command in whoever unpickles it."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, ...]]:
        return os.mkdir, (self._path,)


def lie(connection: Connection[Any, Any], _: str) -> None:
    """Answer every file with what it says: the bytes of the answer's frames, as JSON."""
    while True:
        try:
            connection.recv_bytes()
            order = json.loads(connection.recv_bytes())
            if "pickle" in order:
                connection.send_bytes(pickle.dumps(_Bomb(order["pickle"])))
            for frame in order.get("frames", ()):
                connection.send_bytes(frame.encode())
            if order.get("huge"):
                connection.send_bytes(b"[" * (200 << 20))
        except (EOFError, OSError):
            return


def fill(content: bytes, name: str) -> Reading:
    """Write on and on."""
    number = 0
    while True:
        number += 1
        Path(str(number % 50)).write_bytes(content * 100_000)
