"""What every test may use, and which tests `make quick` runs: see CONTRIBUTING.md."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog

from tests import speeds
from tests.databases import opened, postgresql, url
from tests.index.milvus.lite import Server, running_server

__all__ = ["opened", "postgresql", "url"]

# How long an example takes says how busy the machine is, and nothing else.
hypothesis.settings.register_profile("any machine", deadline=None)
# Where a change is judged, each run tries the same examples; at a desk, ever new ones.
hypothesis.settings.register_profile("judged", deadline=None, derandomize=True)
hypothesis.settings.register_profile("quick", deadline=None, max_examples=10)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option of `make quick`."""
    parser.addoption("--quick", action="store_true", help="only tests that take little; see `slow`")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples each property gets, and watch for tests that start processes."""
    profile = "judged" if os.environ.get("CI") else "any machine"
    hypothesis.settings.load_profile("quick" if config.option.quick else profile)
    sys.addaudithook(speeds.note_started_process)
    # What structlog does unasked prints the values of all variables of a traceback, for seconds.
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], renderer])


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import a module whose tests `--quick` leaves out all: imports take seconds."""
    if not config.option.quick or collection_path.suffix != ".py":
        return None
    is_left_out = speeds.WHOLE_MODULE.search(collection_path.read_text(encoding="utf-8"))
    return True if is_left_out else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what `--quick` leaves out."""
    if config.option.quick:
        quick = [item for item in items if speeds.is_quick(item)]
        config.hook.pytest_deselected(items=[item for item in items if not speeds.is_quick(item)])
        items[:] = quick


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Fail a quick test that starts a process, or with `--quick` takes too long."""
    if not speeds.is_quick(item):
        return (yield)
    with speeds.kept(item.config.option.quick):
        return (yield)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and collections beside the checkout; else a skip."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared (real documents and collections), which this clone lacks")
    return folder


@pytest.fixture(scope="session")
def milvus() -> Iterator[Server]:
    """A Milvus server; Milvus Lite is this session's own."""
    with running_server() as server:
        yield server
