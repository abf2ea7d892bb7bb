"""`make quick`: what it runs, and what keeps it quick."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
ROOMS = (
    "bot/cli bot/console bot/doctor bot/memo bot/metrics bot/reader bot/records bot/telegram"
    " bot/texts bot/views corpus/citing corpus/language corpus/readers corpus/reading"
    " corpus/splitting corpus/storage index/answering index/embedded index/engine index/evaluation"
    " index/naming index/query index/quotations index/reranking index/semantic index/text"
    " index/vocabulary security tools"
).split()

FEWEST = 3
"""Tests of a room in quick; the smallest rooms have few functions, and few tests in all."""

TESTS = """
import subprocess, sys, time
import pytest

def test_plain():
    pass

def test_starting_a_process():
    subprocess.run([sys.executable, "-c", ""], check=True)

def test_long_work():
    until = time.process_time() + 2.5
    while time.process_time() < until:
        pass

@pytest.mark.slow
def test_marked():
    subprocess.run([sys.executable, "-c", ""], check=True)
"""
ONLY_MARKED = "import pytest\nimport no_such_package\n\npytestmark = pytest.mark.slow\n"


def run_pytest(*arguments: str | Path) -> str:
    """What pytest prints."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, arguments)]
    ran = subprocess.run(
        command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    return ran.stdout


def test_a_quick_test_starts_no_process_and_is_short(tmp_path: Path) -> None:
    """One that does fails, and says which mark it needs; marked, it is left out, or else free."""
    (tmp_path / "test_some.py").write_text(TESTS, encoding="utf-8")
    (tmp_path / "test_marked.py").write_text(ONLY_MARKED, encoding="utf-8")
    options = ("-p", "tests.conftest", "-c", ROOT / "pyproject.toml", "--rootdir", tmp_path, "-rA")
    quick = run_pytest(*options, "--quick", tmp_path)
    assert re.findall(r"(PASSED|FAILED|ERROR) \S*::(\w+)", quick) == [
        ("PASSED", "test_plain"),
        ("FAILED", "test_starting_a_process"),
        ("FAILED", "test_long_work"),
    ]
    assert quick.count("@pytest.mark.slow") >= 2
    everything = run_pytest(*options, tmp_path / "test_some.py")
    assert re.findall(r"(PASSED|FAILED|ERROR) \S*::(\w+)", everything) == [
        ("PASSED", "test_plain"),
        ("PASSED", "test_long_work"),
        ("PASSED", "test_marked"),
        ("FAILED", "test_starting_a_process"),
    ]


def test_quick_covers_each_room() -> None:
    """Whoever breaks something ordinary sees it there: each package has a share in quick."""
    listed = run_pytest("--quick", "--collect-only", "-q", "tests")
    tests: Counter[str] = Counter()
    for module, number in re.findall(r"^tests/(\S+)\.py: (\d+)$", listed, re.MULTILINE):
        for room in ROOMS:
            tests[room] += int(number) if module.startswith(f"{room}/") else 0
    assert {room for room in ROOMS if tests[room] < FEWEST} == set()
