from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import worker_clock
from corpus.errors import UnreadableFile
from corpus.models import Reading
from corpus.reading.bounded import BoundedReader
from corpus.reading.read import read
from tests.corpus.sentences import sentence

pytestmark = pytest.mark.slow

POISON = "tests.corpus.poison:read"
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def reader() -> Iterator[BoundedReader]:
    with BoundedReader(2, seconds=20, memory_mb=512, reader=POISON) as reader:
        yield reader


@pytest.fixture(scope="module")
def wide() -> Iterator[BoundedReader]:
    """With the limits that Pincite sets."""
    with BoundedReader(1, seconds=60, memory_mb=1024) as reader:
        yield reader


def reason(reader: BoundedReader, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as refusal:
        reader.read(content, "poison.txt")
    assert "\n" not in sentence(refusal.value)
    return sentence(refusal.value)


def process(reader: BoundedReader) -> str:
    return reader.read(b"pid", "pid.txt").text


def gone(pid: int) -> bool:
    """Wait until a process that is not our child has ended."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], 30)[0])
    finally:
        os.close(handle)


def test_reads_as_reading_in_this_process_does() -> None:
    """The way through another process changes nothing."""
    content = "标题\n\n2021-02-08 人民网\n\n法院认为，通知不合格。".encode("gb18030")
    with BoundedReader(1) as reader:
        assert reader.read(content, "a.txt") == read(content, "a.txt")


def test_a_refusal_crosses_with_its_reason(reader: BoundedReader) -> None:
    """What the reader says of a file reaches the caller, and the process serves on."""
    before = process(reader)
    assert reason(reader, b"refuse") == "it is poison"
    assert reason(reader, b"raise") == ("the reader failed on it, it may be damaged (ValueError)")
    assert process(reader) == before


def test_what_never_ends_is_ended() -> None:
    """A loop, in Python or in C, ends with the time limit; the next file is read."""
    with BoundedReader(1, seconds=1.5, reader=POISON) as reader:
        assert reason(reader, b"loop") == "reading took longer than 1.5 s: split the file"
        assert reason(reader, b"loop-in-C") == ("reading took longer than 1.5 s: split the file")
        assert reader.read(b"all is well", "a.txt").text == "all is well"


def test_only_processor_time_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine ends no reading that waits for its turn; one that sleeps is ended."""
    ticks = worker_clock._TICKS
    with BoundedReader(1, seconds=0.4, reader=POISON) as reader:
        assert reason(reader, b"sleep").startswith("reading took longer than 0.4 s")
        # A processor that is given to others nine parts in ten: the same work, told as a tenth.
        monkeypatch.setattr(worker_clock, "_TICKS", 10 * ticks)
        begin = time.monotonic()
        assert reason(reader, b"loop").startswith("reading took longer than 0.4 s")
        assert time.monotonic() - begin > 3


def test_what_gets_on_is_given_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reading that tells of its steps may take longer than one without, but not for ever."""
    with BoundedReader(1, seconds=0.5, reader=POISON) as reader:
        assert reader.read(b"steps 2", "scan.pdf").text == "steps 2"
        monkeypatch.setattr(worker_clock, "_LONGEST", 2)
        assert reason(reader, b"steps 600") == "reading took longer than 1 s: split the file"


def test_too_much_memory_is_refused(reader: BoundedReader) -> None:
    """A file that needs more memory than allowed says so."""
    assert reason(reader, b"allocate") == (
        "reading needed more than 512 MB of memory: split the file"
    )
    assert reader.read(b"all is well", "a.txt").text == "all is well"


def test_a_crash_is_a_refusal(reader: BoundedReader) -> None:
    """A process that vanishes costs its own file only."""
    assert reason(reader, b"exit") == "the reader crashed on it: it may be damaged"
    assert reader.read(b"all is well", "a.txt").text == "all is well"


def test_an_innocent_file_is_tried_again() -> None:
    """Who dies of what an earlier file left behind is read by a fresh process."""
    with BoundedReader(1, reader=POISON) as reader:
        reader.read(b"an earlier file", "a.txt")
        assert reader.read(b"die-if-used", "b.txt").text == "die-if-used"


def test_one_poison_among_many_costs_only_itself() -> None:
    """All others come back, in order, each with its own text."""
    files = [(f"file number {n}".encode(), f"{n}.txt") for n in range(24)]
    poison = {3: b"exit", 4: b"raise", 9: b"loop", 15: b"allocate", 16: b"refuse"}
    for number, content in poison.items():
        files[number] = (content, "poison.txt")
    with BoundedReader(2, seconds=3, memory_mb=512, reader=POISON) as reader:
        results = list(reader.read_many(files))
    for number, (content, _) in enumerate(files):
        result = results[number]
        if number in poison:
            assert isinstance(result, UnreadableFile)
        else:
            assert isinstance(result, Reading)
            assert result.text.encode() == result.content == content


def test_many_files_are_taken_a_few_at_a_time() -> None:
    """The look-ahead is bounded: a folder's files are not all held in memory."""
    taken = 0

    def files() -> Iterator[tuple[bytes, str]]:
        nonlocal taken
        for number in range(100):
            taken += 1
            yield f"file {number}".encode(), f"{number}.txt"

    with BoundedReader(2) as reader:
        results = reader.read_many(files())
        for received in range(1, 11):
            next(results)
            assert taken <= received + 3
        assert taken < 100


def test_many_threads_may_read_at_once() -> None:
    """Each thread gets its own file's text, over fewer processes than threads."""
    texts: dict[int, str] = {}
    with BoundedReader(2, reader=POISON) as reader:

        def work(number: int) -> None:
            texts[number] = reader.read(f"thread {number}".encode(), "a.txt").text

        threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert texts == {number: f"thread {number}" for number in range(12)}


def test_processes_start_at_need_and_are_kept() -> None:
    """No process before the first file, one for files in turn."""
    with BoundedReader(4, reader=POISON) as reader:
        assert reader._pool.idle == 0
        assert process(reader) == process(reader) == process(reader)
        assert reader._pool.idle == 1


def test_closing_ends_the_processes() -> None:
    """After the context no process is left, and reading is refused."""
    with BoundedReader(1, reader=POISON) as reader:
        pid = int(process(reader).split()[1])
    assert gone(pid)
    assert "closed" in reason(reader, b"too late")


def test_closing_ends_a_process_that_reads() -> None:
    """Closing does not wait for a file that never ends."""
    reader = BoundedReader(1, seconds=600, reader=POISON)
    process(reader)
    reasons: list[str] = []
    thread = threading.Thread(target=lambda: reasons.append(reason(reader, b"loop")))
    thread.start()
    while not reader._pool.busy:
        thread.join(0.01)
    reader.close()
    thread.join(30)
    assert len(reasons) == 1


def test_no_orphans(tmp_path: Path) -> None:
    """When the parent is killed, so is a worker that computes and never looks up."""
    note = tmp_path / "pid"
    os.mkfifo(note)
    program = (
        "from pathlib import Path\n"
        "from corpus.reading.bounded import BoundedReader\n"
        f"reader = BoundedReader(1, seconds=600, reader={POISON!r})\n"
        f"Path({str(note)!r}).write_text(reader.read(b'pid', 'a.txt').text)\n"
        "reader.read(b'loop-in-C', 'a.txt')"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    worker = int(note.read_text("utf-8").split()[1])
    parent.kill()
    parent.wait()
    assert gone(worker)


def html(inside: bytes, times: int) -> bytes:
    """A page on one line."""
    return b"<html><body>" + inside * times + b"</body></html>"


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (html(b"<p>The notice names no place. ", 130_000), "read"),
        (b"a" * 10_000_000, "read"),
        ("法".encode() * 1_300_000, "read"),
        (b"<p>" * 300_000, "holds no text"),
        (html(b"<div>", 4_000_000), "nested too deeply"),
        (html(b"<b><i>", 20_000), "holds no text"),
        (b"<html>" + b"<a href='" * 400_000, "holds no text"),
        (b"<!--" * 1_000_000, "read"),
        (b"---\n" + b"a: " * 300_000, "read"),
        (b"From: a@b\nTo: b\n\n" + b"=?utf-8?b?" * 400_000, "read"),
        (b"From: a@b\nTo: b\nSubject: " + b"=?utf-8?b?" * 400_000 + b"\n\nx", "read"),
        (b"#" * 4_000_000, "read"),
        (b"2021-02-08 " * 360_000, "read"),
        ("（2017）京73民终".encode() * 160_000, "read"),
    ],
)
def test_long_lines_are_read_or_refused(wide: BoundedReader, content: bytes, outcome: str) -> None:
    """A line of megabytes, of whatever kind, ends as it should, within the limits of a reading."""
    try:
        assert wide.read(content, "b").text
        assert outcome == "read"
    except UnreadableFile as refusal:
        assert outcome in sentence(refusal)  # noqa: PT017  (whether it is raised is what differs)
