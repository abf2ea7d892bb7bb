"""Files that harm their reader, for the tests of reading in separate processes.

The first word of the content says what happens; all else is read as text.
"""

from __future__ import annotations

import os
import re
import time

from corpus.errors import UnreadableFile
from corpus.models import Reading
from corpus.reading.pace import step_done
from corpus.reading.read import read as read_well
from corpus.reasons import Reason

_seen: list[bytes] = []
_ERRORS = {
    b"raise": ValueError("line one\nline two"),
    b"refuse": UnreadableFile(Reason("other", {"message": "it is poison"})),
}


def read(content: bytes, name: str) -> Reading:
    """Do as the content says."""
    order, _, argument = content.partition(b" ")
    _seen.append(order)
    if order == b"loop":
        while True:
            pass
    if order == b"loop-in-C":  # never lets go of the interpreter lock
        re.match(r"(a+)+$", "a" * 60 + "b")
    if order in {b"steps", b"sleep"}:  # gets on for so many seconds, or does nothing
        _get_on(float(argument)) if order == b"steps" else time.sleep(600)
    if order == b"allocate":
        _seen.append(b"x" * (8 << 30))
    if order == b"exit":
        os._exit(7)
    if order == b"die-if-used" and len(_seen) > 1:
        os.abort()
    if order in _ERRORS:
        raise _ERRORS[order]
    if order == b"pid":
        return read_well(f"process {os.getpid()}".encode(), name)
    return read_well(content, name)


def _get_on(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        step_done()
