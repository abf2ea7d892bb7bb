"""`python -m bot`, and the program `pincite`: the same.

Ctrl-C while everything is still being imported ends the program at once, as it does any other,
where Python would print a traceback; `main` then takes it in hand.
"""

from __future__ import annotations

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is ignored on purpose
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from bot.cli.program import main

if __name__ == "__main__":
    main()
