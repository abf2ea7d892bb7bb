"""The documentation is complete, its links lead somewhere, and its examples really run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bot.settings import Settings, setting_name
from tests.bot.cli.test_program import COMMANDS
from tests.bot.conftest import CommandLine

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
EXAMPLES = [page for page in PAGES if "```console" in page.read_text(encoding="utf-8")]


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_documented(command: str, pincite: CommandLine) -> None:
    """Each stands in a heading of commands.md with the options that its help shows."""
    page = _text("docs/commands.md")
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert any(f"`pincite {command}" in heading for heading in headings)
    options = re.findall(r"^  (?:-h, )?(--?[a-z-]+)", pincite(command, "--help").out, re.MULTILINE)
    assert "--data" in options
    for option in set(options) - {"--help"}:
        assert f"{option} " in page or f"{option}]" in page, f"{option} of {command}"


def test_every_setting_is_documented() -> None:
    """operations.md says of each what is expected, in the words of the refusal."""
    page = _text("docs/operations.md")
    for field, about in Settings.model_fields.items():
        (row,) = re.findall(rf"^\| `{setting_name(field)}` \|.*$", page, re.MULTILINE)
        assert row.endswith(f" | {about.description} |")
        if about.default not in (None, frozenset()):
            default = about.default
            shown = str(default).lower() if isinstance(default, bool) else str(default)
            assert f"| `{shown}` |" in row


def test_the_example_settings_are_all_and_only_those_there_are() -> None:
    """`.env.example` names each setting once, and sets none."""
    lines = _text(".env.example").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []
    named = re.findall(r"^#(PINCITE_\w+)=", _text(".env.example"), re.MULTILINE)
    assert sorted(named) == sorted(map(setting_name, Settings.model_fields))


def test_every_dependency_is_explained() -> None:
    """dependencies.md has a line for each library in pyproject.toml, and for no other."""
    project = tomllib.loads(_text("pyproject.toml"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = {re.split(r"[\[<>=!~ ]", each)[0].lower() for group in groups for each in group}
    explained: set[str] = set()
    for line in _text("docs/dependencies.md").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) >= 3 and cells[0] not in {"library", "extra", "---"}:
            named = cells[1] if cells[0].startswith("`") else cells[0]
            explained |= {name.strip().lower() for name in named.split(",")}
    assert explained == wanted


def test_make_targets_that_are_named_exist() -> None:
    """Whatever the pages tell to `make` can be made."""
    targets = set(re.findall(r"^([a-z]+):", _text("Makefile"), re.MULTILINE))
    for page in PAGES:
        named = re.findall(r"(?:^|[`|] ?)make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
        assert set(named) <= targets, page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link names a file that is there."""
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) + re.findall(r'<img src="([^"]+)"', text)
    for link in links:
        assert link.startswith("https://") or (page.parent / link).exists(), link


def _named_paths(page: str) -> set[str]:
    """Files and folders that a page names, in the text or in a drawing, from the root on."""
    named = re.findall(r"\b(?:bot|index|corpus|tools|tests|docs)/[\w/.-]*[\w/]", _text(page))
    package = ""
    for line in _text(page).splitlines():
        if heading := re.match(r"## `(\w+/)`", line):
            package = heading[1]
        elif line.startswith("## "):
            package = ""
        elif package and (folder := re.match(r"\| `([\w/]+/)` \|", line)):
            named.append(package + folder[1])
    return set(named)


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md", "docs/glossary.md"])
def test_files_that_are_named_exist(page: str) -> None:
    """A page that leads through the code names only what is there."""
    missing = {name for name in _named_paths(page) if not (ROOT / name).exists()}
    assert not missing


def test_every_folder_is_in_the_architecture() -> None:
    """architecture.md answers for each folder of the packages."""
    folders = {
        f"{path.parent.relative_to(ROOT)}/"
        for package in ("bot", "index", "corpus")
        for path in (ROOT / package).glob("*/__init__.py")
    }
    assert folders <= _named_paths("docs/architecture.md")


@pytest.mark.parametrize("package", ["bot", "index", "corpus"])
def test_every_module_of_no_folder_is_in_the_architecture(package: str) -> None:
    """What lies in a package itself is named in its section: a newcomer meets it first."""
    text = _text("docs/architecture.md")
    section = text.partition(f"## `{package}/`")[2].partition("\n## ")[0]
    modules = {path.name for path in (ROOT / package).glob("*.py") if path.name[0] != "_"}
    assert modules
    assert {name for name in modules if f"`{name}`" not in section} == set()


@pytest.mark.slow
def test_the_readme_shows_what_happens(pincite: CommandLine) -> None:
    """Its dialogue is what is answered over the casefile, but for where lines are broken."""
    assert pincite("run").status == 0
    (dialogue,) = re.findall(r"^```text\n(.*?)^```", _text("README.md"), re.MULTILINE | re.DOTALL)
    turns = re.findall(r"^\$ pincite (.*)\n((?:(?!\$ ).*\n)*)", dialogue, re.MULTILINE)
    assert len(turns) == dialogue.count("$ ") > 0
    for command, answer in turns:
        said = pincite(*shlex.split(command)).out
        assert "".join(said.split()) == "".join(answer.split())


def _examples(page: Path) -> list[tuple[str, int]]:
    """The commands of the page's console blocks, in order, with the status each should end with."""
    blocks = re.findall(
        r"^```console\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    lines = [line[2:] for block in blocks for line in block.splitlines() if line[:2] == "$ "]
    found = [re.fullmatch(r"(.*?)(?:  # status (\d+))?", line) for line in lines]
    return [(match[1], int(match[2] or 0)) for match in found if match]


@pytest.mark.slow
@pytest.mark.parametrize("page", EXAMPLES, ids=lambda page: page.name)
def test_examples_run(page: Path, tmp_path: Path) -> None:
    """Typed one after another into one shell in an empty folder, each ends as the page says."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, command in (("pincite", f"{sys.executable} -m bot"), ("python3", sys.executable)):
        (programs / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
        (programs / name).chmod(0o755)
    here = tmp_path / "here"
    here.mkdir()
    examples = _examples(page)
    assert examples
    script = "\n".join(f"{command}\necho $? >&3" for command, _ in examples)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PINCITE_")}
    environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"
    environment["PYTHONPATH"] = str(ROOT)
    ran = subprocess.run(
        ["bash", "-c", f"exec 3>statuses\n{script}"],
        cwd=here, env=environment, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    statuses = [int(line) for line in (here / "statuses").read_text().splitlines()]
    ended = [(command, status) for (command, _), status in zip(examples, statuses, strict=True)]
    assert ended == examples, ran.stderr
    assert "Traceback" not in ran.stderr
