"""Analysis in other processes against analysis in this one."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterable, Iterator

import pytest

from corpus import workers
from corpus.models import PassageRecord
from index.engine import analysis
from index.engine.analysis import analyze_passages, passage_terms
from index.engine.terms import Analyzed, passage_number


def passages(count: int) -> Iterator[PassageRecord]:
    """Passages in two languages, some of them empty, each with a title of its document."""
    for key in range(count):
        text = f"第{key}条 上诉人不服一审判决，提起上诉。The appeal No. A-{key} was dismissed." * (
            key % 3
        )
        yield PassageRecord(
            key=key,
            document_id=f"D{key // 4}",
            ordinal=key % 4 + 1,
            start=0,
            end=len(text),
            text=text,
            pin="",
            page=None,
            heading="事實及理由" if key % 2 else "",
            title=f"判決 {key // 4}",
            date=None,
            publisher=None,
            language=None,
        )


def here(count: int) -> list[tuple[int, str, list[str], int]]:
    """What one process finds: key, document, terms, and the number of what the passage says."""
    return [
        (p.key, p.document_id, list(passage_terms(p)), passage_number(p.citation, p.text))
        for p in passages(count)
    ]


def compared(analyzed: Iterable[Analyzed]) -> list[tuple[int, str, list[str], int]]:
    return [(one.key, one.document_id, list(one.terms), one.number) for one in analyzed]


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a few passages, so that workers are started for few."""
    monkeypatch.setattr(analysis, "CHUNK", 300)
    monkeypatch.setattr(analysis, "SMALL", 0)


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 3, 200])
def test_other_processes_find_the_same_terms(count: int, small_chunks: None) -> None:
    """Terms, their order and that of the passages are those of one process."""
    assert compared(analyze_passages(passages(count), workers=2)) == here(count)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The worker processes that are started."""
    started: list[subprocess.Popen[bytes]] = []

    class Noted(workers.Worker):
        def __init__(self, kind: workers.WorkerKind) -> None:
            super().__init__(kind)
            started.append(self.process)

    monkeypatch.setattr(workers, "Worker", Noted)
    return started


@pytest.mark.slow
def test_what_a_dead_worker_leaves_is_done_all_the_same(
    small_chunks: None, processes: list[subprocess.Popen[bytes]]
) -> None:
    """Workers killed in the middle of their work cost time and nothing else."""
    analyzed = analyze_passages(passages(200), workers=2)
    results = [next(analyzed)]
    assert processes
    for process in tuple(processes):
        os.kill(process.pid, signal.SIGKILL)
    assert compared([*results, *analyzed]) == here(200)


def test_what_no_worker_can_be_started_for_is_done_all_the_same(
    small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without a process to spare analyzes in this one."""

    def refuse(*_: object) -> workers.Worker:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(workers, "Worker", refuse)
    assert compared(analyze_passages(passages(200), workers=2)) == here(200)


@pytest.mark.slow
def test_only_a_few_passages_are_held(small_chunks: None) -> None:
    """No more is read ahead than a few chunks, however many passages there are."""
    read = 0

    def counting() -> Iterator[PassageRecord]:
        nonlocal read
        for passage in passages(100_000):
            read += 1
            yield passage

    found = analyze_passages(counting(), workers=2)
    next(found)
    assert read < 200
    found.close()  # type: ignore[attr-defined]


@pytest.mark.slow
def test_leaving_early_ends_the_workers(
    small_chunks: None, processes: list[subprocess.Popen[bytes]]
) -> None:
    """Whoever stops in the middle leaves no process behind."""
    analyzed = analyze_passages(passages(1000), workers=2)
    next(analyzed)
    analyzed.close()  # type: ignore[attr-defined]
    assert processes
    assert None not in [process.poll() for process in processes]
