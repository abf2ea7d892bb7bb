"""A builder that does one step and never ends by itself."""

from __future__ import annotations

import signal

if __name__ == "__main__":
    print("1/6", flush=True)
    signal.pause()
