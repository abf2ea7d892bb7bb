"""From a bare machine: locks that are complete, a make that is quiet, a package that is whole."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.compose import is_clustered
from bot.settings import Settings, read_settings, setting_name

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {name: f"requirements{name}.lock" for name in ("", "-dev", "-extras", "-build")}
FOR_MAKE = ("Makefile", "pyproject.toml", *LOCKS.values())


def _locked(name: str) -> dict[str, str]:
    """Versions by name."""
    lines = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in lines}


@pytest.mark.parametrize("name", LOCKS.values())
def test_a_lock_has_only_versions_with_hashes(name: str) -> None:
    """Each entry has a version and hashes; no registry and no folder is named."""
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^(-|file:|\.|/)", text, re.MULTILINE)
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 4
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+==[^\s;]+( ; [^\\]+)? \\\n    --hash=sha256:", entry), (
            entry
        )


def test_the_locks_hold_what_the_project_asks_for() -> None:
    """Each dependency at a version that pyproject.toml allows; all locks agree."""
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = whole["project"]
    extras = dict(project["optional-dependencies"])
    del extras["bench"]  # other engines to compare with, for whoever wants to
    wanted = {
        "": project["dependencies"],
        "-dev": extras.pop("dev"),
        "-extras": [*project["dependencies"], *(one for extra in extras.values() for one in extra)],
        "-build": whole["build-system"]["requires"],
    }
    develop = _locked(LOCKS["-dev"])
    for name, asked in wanted.items():
        lock = _locked(LOCKS[name])
        assert lock.items() <= develop.items()
        for requirement in map(Requirement, asked):
            version = lock[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), requirement


def _make(
    folder: Path, *arguments: str, typed: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    # Within `make check` its own variables would make this one report its folders.
    outer = {"VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    environment = {k: v for k, v in os.environ.items() if k not in outer}
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environment | variables, input=typed,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What make needs of a clone, with a python3 that installs nothing and chats like `cat`."""
    for name in FOR_MAKE:
        shutil.copy(ROOT / name, tmp_path / name)
    program = tmp_path / "python3"
    program.write_text(
        """#!/bin/sh
echo "noise of python3 $*"
[ "$1" = -m ] && [ "$2" = venv ] && {
  mkdir -p .venv/bin
  cp "$0" .venv/bin/python
  printf '#!/bin/sh\\necho "pincite $*"\\nexec cat\\n' > .venv/bin/pincite
  chmod +x .venv/bin/pincite
}
exit 0
"""
    )
    program.chmod(0o755)
    return tmp_path


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_run_prints_answers_and_nothing_else(clone: Path) -> None:
    """What is piped in reaches the program; the set-up talks on standard error, and only once."""
    first = _make(clone, "run", typed="why?\n", PYTHON="./python3")
    assert (first.returncode, first.stdout) == (0, "pincite run\nwhy?\n"), first.stderr
    assert "noise of python3 -m venv .venv" in first.stderr
    assert "--require-hashes -r requirements-dev.lock" in first.stderr
    assert "-m tools.translations" in first.stderr
    second = _make(clone, "run", typed="why?\n", PYTHON="./python3")
    assert (second.stdout, second.stderr) == (first.stdout, "")


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_uses_an_active_environment_that_has_the_tools(clone: Path) -> None:
    """After `pip install -e '.[dev]'` nothing is installed anew."""
    active = clone / "active"
    (active / "bin").mkdir(parents=True)
    shutil.copy(clone / "python3", active / "bin" / "python")
    for name in ("pincite", "pytest"):
        (active / "bin" / name).write_text('#!/bin/sh\necho "active $*"\n')
        (active / "bin" / name).chmod(0o755)
    ran = _make(clone, "run", VIRTUAL_ENV=str(active))
    assert (ran.returncode, ran.stdout) == (0, "active run\n"), ran.stderr
    assert not (clone / ".venv").exists()


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize("python", ["false", "no-such-python"])
def test_a_python_that_is_too_old_is_told_in_a_line(clone: Path, python: str) -> None:
    """And nothing is begun."""
    ran = _make(clone, "run", PYTHON=python)
    assert ran.returncode == 2
    assert "Pincite needs Python 3.11 or newer" in ran.stderr
    assert not (clone / ".venv").exists()


def test_the_package_is_whole(tmp_path: Path) -> None:
    """The wheel holds every module and every data file of the four packages, and the program."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path],
        cwd=ROOT, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = next(name for name in names if name.endswith("entry_points.txt"))
        assert "pincite = bot.__main__:main" in archive.read(entry_points).decode()
    listed = subprocess.run(
        ["git", "ls-files", "bot", "index", "corpus", "tools"],
        cwd=ROOT, check=True, capture_output=True, text=True, timeout=60,
    ).stdout.split()  # fmt: skip
    assert set(filter(lambda name: (ROOT / name).exists(), listed)) <= names
    assert not {name for name in names if name.startswith(("tests", "benchmarks", "data"))}


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    """Whoever builds a commit can compare it with the wheel that was published."""
    digests = set()
    for name in ("one", "two"):
        command = [
            sys.executable,
            "-m",
            "hatchling",
            "build",
            "-t",
            "wheel",
            "-d",
            str(tmp_path / name),
        ]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        [wheel] = (tmp_path / name).iterdir()
        digests.add(hashlib.sha256(wheel.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_the_image_is_built_from_what_it_is_sent() -> None:
    """Each file that the Dockerfile copies is there and let through; nobody runs as root."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", dockerfile, re.MULTILINE)
    for name in " ".join(copied).split():
        assert (ROOT / name).exists()
        assert f"!{name}" in ignored
    last_stage = dockerfile.rpartition("\nFROM ")[2]
    assert re.search(r"^USER (?!root)\w+$", last_stage, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*bot\.heartbeat", last_stage, re.MULTILINE)
    assert re.search(r"^VOLUME /data$", last_stage, re.MULTILINE)


def test_ci_stops_at_the_first_failure() -> None:
    """The script is strict, and is understood by bash."""
    script = (ROOT / ".ci" / "run").read_text()
    assert "set -euo pipefail" in script
    assert "make check" in script
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True, timeout=30)


def test_the_compose_file_sets_what_there_is(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every setting is known, and the workers of the profile may serve one bot together."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    worker = text.partition("\n  worker:\n")[2].partition("\n  postgres:\n")[0]
    named = dict(re.findall(r"^ +(PINCITE_\w+): (.+)$", worker, re.MULTILINE))
    assert set(named) <= {setting_name(field) for field in Settings.model_fields}
    assert nowhere == Path.cwd()
    for name, value in named.items():
        monkeypatch.setenv(name, re.sub(r"\$\{\w+:-(\w+)\}", r"\1", value))
    settings = read_settings()
    assert is_clustered(settings)
    assert settings.index == "milvus"
