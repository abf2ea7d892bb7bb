"""The limits of one job in a worker process, which its parent watches: time, and what it writes.

Time is that of the processor, because a busy machine makes no file worse: work that only waits for
its turn goes on. Work that sleeps instead is ended by the time on the wall.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.workers import Worker

# Times the seconds of a step that a job may take in all, so that 5,000 scanned pages are read.
_LONGEST = 300
_LONGEST_WAIT = 20  # times the seconds of a step that may pass on the wall of a busy machine
_SHORTEST_WAIT = 0.1
_LOOKS_EACH = 1.0  # second; a disk takes some hundred megabytes in it
_LEAST_WORK = 0.5  # of the seconds: who works less than that and sleeps is not waiting his turn
_TICKS = os.sysconf("SC_CLK_TCK")


class WorkerClock:
    """Ends a worker after some seconds of processor time without a step, or after too many in all.

    It also ends one that fills its folder.
    """

    def __init__(self, worker: Worker, seconds: float) -> None:
        self._worker, self._seconds = worker, seconds
        self._begun = self._step_begun = _processor_seconds(worker.process.pid)
        self._looked_from = time.monotonic()
        self.rang = 0.0
        """The seconds that were exceeded, once they were."""
        self.wrote_too_much = False
        self._is_over = False
        self._timer: threading.Timer | None = None
        self._wait(seconds)

    def step_done(self) -> None:
        """Give it as many seconds once more."""
        # The timer that runs sees this when it looks: a timer a step would cost more than a page.
        self._step_begun = _processor_seconds(self._worker.process.pid)
        self._looked_from = time.monotonic()
        if self._total() >= _LONGEST * self._seconds:
            self._end(too_long=True)

    def stop(self) -> None:
        """Let it run on without a limit."""
        self._is_over = True
        if self._timer:
            self._timer.cancel()

    def _total(self) -> float:
        return (self._step_begun or 0.0) - (self._begun or 0.0)

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(min(seconds, _LOOKS_EACH), self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        if self._is_over:  # it was stopped while this look began
            return
        pid = self._worker.process.pid
        waited, used = time.monotonic() - self._looked_from, _processor_seconds(pid)
        # where processor time is not told, the time on the wall counts.
        is_known = used is not None and self._step_begun is not None
        spent = (used or 0.0) - (self._step_begun or 0.0) if is_known else waited
        too_long = self._total() + spent >= _LONGEST * self._seconds
        idle = spent < _LEAST_WORK * waited and waited >= self._seconds and _is_asleep(pid)
        left_waiting = waited >= _LONGEST_WAIT * self._seconds
        if self._worker.has_filled_folder():
            self.wrote_too_much = True
            self._worker.kill()
        elif spent >= self._seconds or too_long or idle or left_waiting:
            self._end(too_long=too_long)
        else:
            self._wait(max(self._seconds - spent, _SHORTEST_WAIT * self._seconds))

    def _end(self, *, too_long: bool) -> None:
        self.rang = self._seconds * (_LONGEST if too_long else 1)
        self._worker.kill()


def _processor_seconds(pid: int) -> float | None:
    """The processor time that a process has used, None where the system does not tell."""
    fields = _process_fields(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS if fields else None


def _is_asleep(pid: int) -> bool:
    """Whether a process waits for something else than the processor or the disk."""
    fields = _process_fields(pid)
    return bool(fields) and fields[0] not in {"R", "D"}


def _process_fields(pid: int) -> list[str]:
    """What Linux says of a process, from its state on (proc(5), /proc/PID/stat); else nothing."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return stat.rpartition(")")[2].split()
