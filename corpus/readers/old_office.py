"""Old Word, PowerPoint, Works and WPS files: LibreOffice turns them into new ones, which are read.

It runs where it is installed, for one file, with a profile of its own that forbids macros, links
and updates, without a network where the system allows that, for a limited time.
"""

from __future__ import annotations

import ctypes
import io
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.models import Extract
from corpus.readers import docx, presentation
from corpus.reasons import Reason
from corpus.sandbox import check_programs

_PROGRAMS = ("soffice", "libreoffice", "lowriter")
_SECONDS = 50  # below the limit of a file, so that a slow one is refused with its reason
_START_AGAIN = {79, 81}  # exit statuses of LibreOffice
_MOST_STARTS = 2
_LARGEST_FILE = 200 << 20
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "2"),
    ("Inet/Settings", "ooInetProxyType", "2"),  # a proxy that is not there
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
_SLIDES = "PowerPoint Document"


def find_program() -> Path | None:
    """LibreOffice's own program, not the script that starts it; None where it is not installed."""
    for name in _PROGRAMS:
        path = shutil.which(name)
        if path:
            real = Path(os.path.realpath(path))
            inner = real.with_name("soffice.bin")
            return inner if inner.exists() else real
    return None


def read(content: bytes, name: str) -> Extract:
    """Read an old file by way of a new one. Raises UnreadableFile, ProgramForbidden."""
    from olefile import OleFileIO  # noqa: PLC0415  (seldom needed)

    program = find_program()
    if program is None:
        raise UnreadableFile(Reason("needs_libreoffice"))
    # Most readers' processes may start nothing; one that may gets the file then.
    check_programs()
    with OleFileIO(io.BytesIO(content)) as container:
        is_slides = container.exists(_SLIDES)
    suffix, target = (".ppt", "pptx") if is_slides else (".doc", "docx")
    converted = _convert(program, content, suffix, target)
    extract: Extract = (presentation if is_slides else docx).read(converted, name)
    media_type = "application/vnd.ms-powerpoint" if is_slides else "application/msword"
    return replace(extract, media_type=media_type)


def _convert(program: Path, content: bytes, suffix: str, target: str) -> bytes:
    """The file in the target's format. Raises UnreadableFile."""
    with tempfile.TemporaryDirectory(prefix="pincite-office-") as folder:
        home = Path(folder)
        source = home / f"document{suffix}"
        source.write_bytes(content)
        _write_settings(home / "profile" / "user")
        command = [
            *_without_network(),
            str(program),
            f"-env:UserInstallation={(home / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            "--convert-to",
            target,
            "--outdir",
            str(home / "out"),
            str(source),
        ]
        environment = {
            "HOME": folder,
            "TMPDIR": folder,
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "svp",
        }
        # A new profile is set up by the first start, which ends with the wish to be started again.
        for _ in range(_MOST_STARTS):
            if _run(command, environment, home) not in _START_AGAIN:
                break
        results = sorted((home / "out").glob(f"*.{target}")) if (home / "out").is_dir() else []
        if not results or results[0].stat().st_size > _LARGEST_FILE:
            raise UnreadableFile(Reason("damaged_old_file"))
        return results[0].read_bytes()


def _run(command: list[str], environment: dict[str, str], folder: Path) -> int:
    """Run it to its end; its exit status. Raises UnreadableFile."""
    process = subprocess.Popen(  # noqa: S603  (the program of the system, and our arguments)
        command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509  (a worker has one thread)
    )
    try:
        return process.wait(_SECONDS / _MOST_STARTS)
    except subprocess.TimeoutExpired:
        raise UnreadableFile(Reason("took_too_long", {"limit": _SECONDS // _MOST_STARTS})) from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGKILL)


def _without_network() -> list[str]:
    """The beginning of a command that has no network, where the system lets one be made."""
    unshare = shutil.which("unshare")
    if not unshare:
        return []
    command = [unshare, "--net", "--user", "--map-current-user"]
    try:
        tried = subprocess.run([*command, "true"], capture_output=True, timeout=5, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return []
    return command if tried.returncode == 0 else []


def _write_settings(folder: Path) -> None:
    folder.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{"" if path.startswith("Inet") else "Office."}{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (folder / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        "utf-8",
    )
