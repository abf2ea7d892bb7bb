"""Files are found in a fixed order, and nothing that is found can hang, loop or lead astray."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from corpus.errors import UnreadableFile
from corpus.files import content_of, files_at, files_within, path_text
from tests.corpus.sentences import sentence


def told(path: Path, root: Path) -> list[tuple[str, str | None]]:
    """What is found at a path: names from `root`, and problems up to their first comma."""
    return [
        (str(file.path.relative_to(root)), sentence(file.problem).partition(",")[0] or None)
        for file in files_at(path)
    ]


def lay(root: Path, *names: str) -> Path:
    """Put a file holding its own name under each name."""
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return root


def test_a_folder_is_walked_in_order_of_names(tmp_path: Path) -> None:
    """Files and folders among each other, whatever order the disk holds them in."""
    lay(tmp_path, "b/2", "a.txt", "b/1", "c", "b/10/x", "B")
    files = [name for name, _ in told(tmp_path, tmp_path)]
    assert files == ["B", "a.txt", "b/1", "b/10/x", "b/2", "c"]


def test_hidden_files_are_skipped_unless_named(tmp_path: Path) -> None:
    """Hidden folders with all that is in them."""
    lay(tmp_path, ".git/config", ".env", "a/.x", "a/y")
    assert told(tmp_path, tmp_path) == [("a/y", None)]
    assert told(tmp_path / ".env", tmp_path) == [(".env", None)]
    assert told(tmp_path / ".git", tmp_path) == [(".git/config", None)]


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    """To a file, to a folder, outside, in a circle, to nothing: each is refused, none is opened."""
    lay(tmp_path, "out/secret", "in/file", "in/sub/file")
    for name, target in {
        "1": "../out/secret",
        "2": "../out",
        "3": ".",
        "4": "file",
        "5": "nowhere",
        "sub/6": "..",
    }.items():
        (tmp_path / "in" / name).symlink_to(target)
    link = "it is a link"
    assert told(tmp_path / "in", tmp_path / "in") == [
        *((name, link) for name in "12345"),
        ("file", None),
        ("sub/6", link),
        ("sub/file", None),
    ]


def test_a_link_that_a_person_names_is_resolved(tmp_path: Path) -> None:
    """To the file or folder it leads to, under that one's own path."""
    lay(tmp_path, "real/file")
    (tmp_path / "folder").symlink_to("real")
    (tmp_path / "link").symlink_to("folder/file")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "broken").symlink_to("nowhere")
    assert told(tmp_path / "link", tmp_path) == [("real/file", None)]
    assert told(tmp_path / "folder", tmp_path) == [("real/file", None)]
    assert told(tmp_path / "loop", tmp_path) == [("loop", "its links go round in a loop")]
    assert told(tmp_path / "broken", tmp_path) == [("broken", "there is no such file")]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("nowhere", "there is no such file"),
        ("file/below", "there is no such file"),
        ("n\0l", "there is no such file"),
        ("n" * 300, "its name is too long"),
    ],
)
def test_a_path_that_leads_nowhere(tmp_path: Path, name: str, problem: str) -> None:
    """One refusal with the reason."""
    lay(tmp_path, "file")
    assert told(tmp_path / name, tmp_path) == [(name, problem)]


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    """A pipe without a writer would hang whoever opens it; named or found makes no difference."""
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "sock"))
        assert told(tmp_path, tmp_path) == [("pipe", "it is a pipe"), ("sock", "it is a socket")]
        assert told(tmp_path / "pipe", tmp_path) == [("pipe", "it is a pipe")]
        with pytest.raises(UnreadableFile, match=r"not_a_regular_file\(what=pipe\)"):
            content_of(tmp_path / "pipe", 10)
    [null] = files_at(Path("/dev/null"))
    assert sentence(null.problem) == "it is a device, not a regular file"


def test_a_file_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    """Between being found and being opened."""
    lay(tmp_path, "secret")
    (tmp_path / "file").symlink_to("secret")
    with pytest.raises(UnreadableFile, match="link_inside_folder"):
        content_of(tmp_path / "file", 10)


@pytest.mark.parametrize("size", [0, 9, 10])
def test_content_up_to_the_limit_is_read(tmp_path: Path, size: int) -> None:
    """Byte for byte; one byte more is refused."""
    (tmp_path / "file").write_bytes(b"\xff" * size)
    assert content_of(tmp_path / "file", 10) == b"\xff" * size
    (tmp_path / "file").write_bytes(b"x" * 2_621_441)
    with pytest.raises(UnreadableFile, match=r"too_large\(limit_mb=2\.5\)"):
        content_of(tmp_path / "file", 2_621_440)


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs /proc")
def test_a_file_that_hides_its_size_is_read_no_further_than_the_limit() -> None:
    """The kernel's files say that they hold 0 bytes."""
    with pytest.raises(UnreadableFile, match="too_large"):
        content_of(Path("/proc/version"), 10)


def test_a_vanished_file_is_refused(tmp_path: Path) -> None:
    """Also a folder given for a file."""
    with pytest.raises(UnreadableFile, match="no_such_file"):
        content_of(tmp_path / "gone", 10)
    with pytest.raises(UnreadableFile, match=r"not_a_regular_file\(what=folder\)"):
        content_of(tmp_path, 10)


@contextmanager
def nobody() -> Iterator[None]:
    """For root nothing is unreadable, so be somebody else for a while."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def test_what_this_user_may_not_read_is_refused() -> None:
    """A folder as one refusal, a file when it is opened."""
    with TemporaryDirectory(dir="/tmp") as name:  # pytest's own folders are closed to others
        folder = Path(name)
        folder.chmod(0o755)
        lay(folder, "closed/file", "file")
        (folder / "closed").chmod(0)
        (folder / "file").chmod(0)
        with nobody():
            problems = told(folder, folder)
            with pytest.raises(UnreadableFile, match="not_permitted"):
                content_of(folder / "file", 10)
        (folder / "closed").chmod(0o700)
    assert problems == [("closed", "this user may not read it"), ("file", None)]


@pytest.mark.slow
def test_very_deep_folders_end(tmp_path: Path) -> None:
    """Deeper than Python's calls nest, and than the system's paths reach."""
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(2100):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    [deepest] = files_at(tmp_path)
    assert sentence(deepest.problem) == "its name is too long"
    os.system(f"rm -rf {tmp_path}/d")  # shutil.rmtree would nest too deep


def test_names_that_are_no_text_are_told_apart(tmp_path: Path) -> None:
    """And hold nothing that cannot be printed or stored."""
    paths = [Path(os.fsdecode(name)) for name in (b"/a\xff", b"/a\xfe", "/喬春".encode())]
    assert [path_text(path) for path in paths] == ["/a\\xff", "/a\\xfe", "/喬春"]


def test_within_keeps_to_the_rules_of_its_folder(tmp_path: Path) -> None:
    """Nothing hidden, nothing beyond a link, nothing that is gone."""
    lay(tmp_path, "in/a/file", "in/.hidden/file", "out/file")
    (tmp_path / "in/link").symlink_to("../out")
    folder = tmp_path / "in"

    def seen(name: str) -> list[str]:
        return [str(file.path.relative_to(folder)) for file in files_within(folder, folder / name)]

    assert seen("a") == seen("a/file") == ["a/file"]
    assert seen("") == ["a/file", "link"]
    assert seen(".hidden/file") == seen("link/file") == seen("gone") == []
