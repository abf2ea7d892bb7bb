"""What a test of `make quick` may do, and the check that it does no more."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

LEFT_OUT: Final = ("slow", "milvus", "thorough")
"""Marks of tests that `--quick` leaves out."""
SECONDS: Final = 2.0
"""Processor time that a test may take with `--quick`. It should take half a second: a busy machine
counts up to three times as much for the same work."""
WHOLE_MODULE: Final = re.compile(rf"^pytestmark = .*\bmark\.({'|'.join(LEFT_OUT)})\b", re.MULTILINE)
"""Finds the mark of a module in its text, so that it need not be imported."""

_STARTS: Final = frozenset("subprocess.Popen os.fork os.forkpty os.posix_spawn os.system".split())
_ADVICE: Final = "mark it with @pytest.mark.slow, or make it do without"


class _Watch:
    """What the test that runs now has started; audit hooks cannot be taken away again."""

    watching = False
    started = ""
    sharing = threading.local()


def is_quick(item: pytest.Item) -> bool:
    """Whether a test runs in `make quick`."""
    return not any(item.get_closest_marker(mark) for mark in LEFT_OUT)


def note_started_process(event: str, arguments: tuple[object, ...]) -> None:
    """The audit hook that notes what a quick test starts."""
    if _Watch.watching and event in _STARTS and not getattr(_Watch.sharing, "now", False):
        _Watch.started = f"{event} {arguments[:2]}"


@contextmanager
def shared_process() -> Iterator[None]:
    """Let this thread start a process that other tests use too: it costs each of them little."""
    _Watch.sharing.now = True
    try:
        yield
    finally:
        _Watch.sharing.now = False


@contextmanager
def kept(limited: bool) -> Iterator[None]:
    """Fail what starts a process, and if `limited` what takes more than SECONDS."""
    _Watch.watching, _Watch.started = True, ""
    start = time.process_time()
    try:
        yield
    finally:
        _Watch.watching = False
    seconds = time.process_time() - start
    if _Watch.started:
        pytest.fail(f"a quick test starts a process ({_Watch.started}): {_ADVICE}", pytrace=False)
    if limited and seconds > SECONDS:
        pytest.fail(f"a quick test takes {seconds:.1f} s of processor: {_ADVICE}", pytrace=False)
