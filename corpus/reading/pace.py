"""A reader that takes long tells that it is getting on, so that it is not taken for one that hangs.

Only what a reader does in bounded steps may be told so: the pages of a scan, one by one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

_listener: ContextVar[Callable[[], None] | None] = ContextVar("listener", default=None)


def listen(listener: Callable[[], None]) -> None:
    """Have a function called at each step from now on."""
    _listener.set(listener)


def step_done() -> None:
    """One step of a long reading is done."""
    listener = _listener.get()
    if listener:
        listener()
