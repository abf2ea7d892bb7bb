"""`python -m bot`, and the program `pincite`: the same.

Ctrl-C while everything is still being imported ends the program at once, as it does any other,
where Python would print a traceback; `main` then takes it in hand.
"""

from __future__ import annotations

import codecs
import os
import signal
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored on purpose
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from bot.cli.program import run_command


def main() -> NoReturn:
    """The program `pincite`, and `python -m bot`."""
    # What is written may be privileged: databases, backups, memos, whatever folder they go into.
    os.umask(0o077)
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115 - stays open until exit
    if isinstance(sys.stdout, TextIOWrapper):
        # An ASCII locale means that nobody set one, as in most containers: UTF-8 is right there.
        # Under any other locale, characters that it lacks are shown as '?'.
        ascii_only = codecs.lookup(sys.stdout.encoding).name == "ascii"
        sys.stdout.reconfigure(encoding="utf-8" if ascii_only else None, errors="replace")
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # see above
        signal.signal(signal.SIGINT, signal.default_int_handler)
    status = run_command(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C during exit would print a traceback
    sys.exit(status)


if __name__ == "__main__":
    main()
