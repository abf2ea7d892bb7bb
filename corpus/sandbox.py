"""Walls around this process: no network, no programs, and no files but the interpreter's own.

Whoever takes over a parser by a hostile file must gain nothing: each wall is one that the kernel
holds, and each stands by itself, since no system has all of them. Landlock (Linux 5.13) limits the
files that can be opened, a network namespace takes the network away, and a filter of system calls
(seccomp) forbids sockets, other processes and programs. Limits bound memory, files and time.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import struct
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal, TypeAlias

Wall: TypeAlias = Literal["files", "network", "calls"]

WALLS: Final[tuple[Wall, ...]] = ("files", "network", "calls")
"""Landlock, a network namespace, and a filter of system calls."""

LARGEST_FILE: Final = 512 << 20
"""Bytes of one file that may be written; the folder in which it lies is measured beside."""

_OPEN_FILES: Final = 256
# What the interpreter, fonts and LibreOffice need of the system; no /etc, where secrets lie.
_SYSTEM: Final = """
    /usr /bin /sbin /lib /lib32 /lib64 /proc /sys/devices/system
    /opt/libreoffice /var/cache/fontconfig /var/lib/libreoffice /var/spool/libreoffice
    /etc/libreoffice /etc/fonts /etc/ld.so.cache /etc/ld.so.conf /etc/ld.so.conf.d /etc/localtime
    /etc/passwd /etc/group /etc/nsswitch.conf /etc/mime.types /etc/alternatives
    /dev/random /dev/urandom /dev/zero /dev/full
""".split()
_WRITABLE_DEVICES: Final = ("/dev/null",)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """What a process may still do: read `packages`, write in `folder`, start `programs`."""

    packages: tuple[str, ...]
    folder: Path
    programs: bool = False

    def enter(self) -> tuple[Wall, ...]:
        """Put up every wall that the system has, for good; returns those that stand.

        The process must have one thread: the namespace and the filter are a thread's own.
        """
        walls = self._put_up() if sys.platform == "linux" else ()
        _entered.append((self, walls))
        return walls

    def _put_up(self) -> tuple[Wall, ...]:
        libc = _Libc()
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
        resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
        if self.programs:  # what a child leaves behind becomes a child, which can be found
            libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)
        # Without new rights, neither Landlock nor a filter needs a privilege.
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1):
            return ()
        walls: list[Wall] = []
        home = str(self.folder)
        # The namespaces first: the others forbid what makes them.
        if _leave_network(libc, mounts=self.programs):
            walls.append("network")
            if self.programs and libc.mount(home, "/tmp", _MS_BIND):  # noqa: S108 - it is its own
                home = "/tmp"  # noqa: S108
                libc.mount("tmpfs", "/run", 0, "tmpfs")  # the sockets of the system's services
        os.environ |= {"HOME": home, "TMPDIR": home}
        tempfile.tempdir = home
        writable = [*_WRITABLE_DEVICES, home]
        if _limit_files(libc, self._readable(), writable, sockets=self.programs):
            walls.append("files")
        if _filter_calls(libc, programs=self.programs):
            walls.append("calls")
        return tuple(walls)

    def _readable(self) -> Iterator[str]:
        yield from _SYSTEM
        yield from {sys.prefix, sys.base_prefix, os.path.realpath(sys.executable)}
        # Where this is installed, and no folder above it: in a checkout, the data lies beside.
        yield from {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        yield from (path for path in sys.path if path.endswith(("site-packages", "dist-packages")))
        for package in self.packages:
            spec = find_spec(package)
            yield from (spec.submodule_search_locations or ()) if spec else ()


_entered: list[tuple[Sandbox, tuple[Wall, ...]]] = []


class ProgramForbidden(Exception):
    """Another program is needed, and this process may start none."""


def check_programs() -> None:
    """Raise ProgramForbidden where this process may start no program."""
    if any(not sandbox.programs for sandbox, _ in _entered):
        raise ProgramForbidden


def standing_walls() -> tuple[Wall, ...]:
    """The walls around this process."""
    return tuple(wall for _, walls in _entered for wall in walls)


class _Libc:
    """The calls that Python has no name for."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)

    def prctl(self, option: int, *values: int) -> int:
        arguments = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
        return int(self._library.prctl(option, *arguments))

    def call(self, number: int, *arguments: object) -> int:
        """A system call by its number: -1 where it fails."""
        syscall = self._library.syscall
        syscall.restype = ctypes.c_long
        return int(syscall(ctypes.c_long(number), *arguments))

    def unshare(self, flags: int) -> bool:
        return int(self._library.unshare(ctypes.c_int(flags))) == 0

    def mount(self, source: str, target: str, flags: int, kind: str = "none") -> bool:
        names = (source.encode(), target.encode(), kind.encode())
        return int(self._library.mount(*names, ctypes.c_ulong(flags), None)) == 0


_PR_SET_CHILD_SUBREAPER: Final = 36
_PR_SET_NO_NEW_PRIVS: Final = 38
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_CLONE_NEWNS: Final = 0x00020000
_MS_BIND: Final = 0x1000


def _leave_network(libc: _Libc, *, mounts: bool) -> bool:
    """Move into a network of its own, which holds nothing, not even the loopback address."""
    user, group = os.getuid(), os.getgid()
    if not libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET | (_CLONE_NEWNS if mounts else 0)):
        return False
    # Files that it makes still belong to the user; without the maps it only looks like nobody.
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")
    return True


# -- Landlock (linux/landlock.h) ------------------------------------------------------------------

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # on every architecture
_VERSION_FLAG: Final = 1
_PATH_BENEATH: Final = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE, _MAKE_SOCKET = 1 << 5, 1 << 9
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
# The rights of a file; others are those of a folder, which the kernel refuses for a file.
_OF_FILES: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
# By version, the rights and the scopes that it knows: one that it does not know is an error.
_RIGHTS: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_NETWORK_SINCE, _TCP = 4, 0b11
_SCOPES_SINCE, _SCOPES = 6, 0b11
"""Abstract sockets, and signals to processes outside."""


def _limit_files(
    libc: _Libc, readable: Iterable[str], writable: Sequence[str], *, sockets: bool
) -> bool:
    version = libc.call(_LANDLOCK_CREATE, None, 0, _VERSION_FLAG)
    if version < 1:
        return False
    rights = _RIGHTS[max(known for known in _RIGHTS if known <= version)]
    values = [rights]
    if version >= _NETWORK_SINCE:
        values.append(_TCP)
    if version >= _SCOPES_SINCE:
        values.append(_SCOPES)
    attributes = struct.pack(f"={len(values)}Q", *values)
    ruleset = libc.call(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return False
    try:
        for path in readable:
            _allow(libc, ruleset, path, (_EXECUTE | _READ_FILE | _READ_DIR) & rights)
        for path in writable:
            _allow(libc, ruleset, path, rights & ~_REFER)
        if sockets:  # LibreOffice makes one in this folder, whatever TMPDIR says
            _allow(libc, ruleset, "/tmp", _MAKE_SOCKET | _REMOVE_FILE)  # noqa: S108
        return libc.call(_LANDLOCK_RESTRICT, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _allow(libc: _Libc, ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not every system has every folder
    try:
        if not Path(path).is_dir():
            rights &= _OF_FILES
        rule = struct.pack("=QI", rights, descriptor)
        libc.call(_LANDLOCK_ADD, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)


# -- system calls (linux/seccomp.h, linux/filter.h) -----------------------------------------------

_PR_SET_SECCOMP: Final = 22
_MODE_FILTER: Final = 2
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM, _ENOSYS = 1, 38
_LOAD, _EQUAL, _AT_LEAST, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_AF_UNIX: Final = 1
_CLONE_THREAD: Final = 0x10000
_X32: Final = 0x40000000  # the same calls under other numbers
_CLONE3: Final = 435


@dataclass(frozen=True, slots=True)
class _SystemCalls:
    """The numbers of system calls on one architecture (AUDIT_ARCH_ of linux/audit.h)."""

    architecture: int
    socket: int
    clone: int
    own_programs: tuple[int, ...]
    """fork, vfork, execve, execveat."""
    forbidden: tuple[int, ...]


# Since Linux 5.1 all architectures count alike: io_uring, the mount calls, and pidfds.
_FORBIDDEN_EVERYWHERE: Final = (*range(424, 434), 438, 440, 442)
_ARCHITECTURES: Final = {
    "x86_64": _SystemCalls(
        architecture=0xC000003E,
        socket=41,
        clone=56,
        own_programs=(57, 58, 59, 322),
        # ptrace, sigqueueinfo, quotas, chroot, mounts, swap, names, modules, clocks, kexec, keys,
        # namespaces, perf, handles, other processes' memory, bpf, userfaultfd, ports
        forbidden=(
            *(101, 129, 155, 159, 161, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173),
            *(175, 176, 179, 227, 246, 248, 249, 250, 272, 297, 298, 303, 304, 305, 308, 310),
            *(311, 312, 313, 320, 321, 323),
        ),
    ),
    "aarch64": _SystemCalls(
        architecture=0xC00000B7,
        socket=198,
        clone=220,
        own_programs=(221, 281),
        forbidden=(
            *(39, 40, 41, 51, 60, 89, 97, 104, 105, 106, 112, 117, 138, 142, 161, 162, 170, 171),
            *(217, 218, 219, 224, 225, 240, 241, 264, 265, 266, 268, 270, 271, 272, 273, 280),
            *(282, 294),
        ),
    ),
}


def _filter_calls(libc: _Libc, *, programs: bool) -> bool:
    numbers = _ARCHITECTURES.get(platform.machine())
    if numbers is None or struct.calcsize("P") != 8:
        return False
    program = b"".join(_program(numbers, programs=programs))
    buffer = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: a count, six bytes of padding, and the address.
    head = struct.pack("=H6xQ", len(program) // 8, ctypes.addressof(buffer))
    place = ctypes.create_string_buffer(head, len(head))
    return libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.addressof(place)) == 0


def _program(numbers: _SystemCalls, *, programs: bool) -> Iterator[bytes]:
    """The filter: every comparison looks at the number of the call, and ends or goes on."""
    yield _step(_LOAD, _ARCHITECTURE_AT)
    yield from _ends_unless(_EQUAL, numbers.architecture, _KILL)
    yield _step(_LOAD, _NUMBER_AT)
    yield from _ends_if(_AT_LEAST, _X32, _ERRNO | _ENOSYS)
    for number in (*numbers.forbidden, *_FORBIDDEN_EVERYWHERE):
        yield from _ends_if(_EQUAL, number, _ERRNO | _EPERM)
    # LibreOffice opens a socket of its own kind in its profile. Nothing else needs one.
    if programs:
        yield _step(_EQUAL, numbers.socket, 0, 4)
        yield _step(_LOAD, _FIRST_ARGUMENT_AT)
        yield from _ends_unless(_EQUAL, _AF_UNIX, _ERRNO | _EPERM)
        yield _step(_RETURN, _ALLOW)
    else:
        yield from _ends_if(_EQUAL, numbers.socket, _ERRNO | _EPERM)
        for number in numbers.own_programs:
            yield from _ends_if(_EQUAL, number, _ERRNO | _EPERM)
        # Its flags lie in memory, where a filter cannot look: the C library falls back to clone.
        yield from _ends_if(_EQUAL, _CLONE3, _ERRNO | _ENOSYS)
        yield _step(_EQUAL, numbers.clone, 0, 3)
        yield _step(_LOAD, _FIRST_ARGUMENT_AT)
        yield _step(_BITS, _CLONE_THREAD, 1, 0)
        yield _step(_RETURN, _ERRNO | _EPERM)
    yield _step(_RETURN, _ALLOW)


def _ends_if(comparison: int, value: int, result: int) -> Iterator[bytes]:
    yield _step(comparison, value, 0, 1)
    yield _step(_RETURN, result)


def _ends_unless(comparison: int, value: int, result: int) -> Iterator[bytes]:
    yield _step(comparison, value, 1, 0)
    yield _step(_RETURN, result)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
