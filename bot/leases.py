"""How long does work belong to the process that took it?  Updates and uploads alike.

Whoever takes a piece of work renews its hold as long as it lives; what nobody renews is taken over.
"""

from __future__ import annotations

from typing import Final

LEASE: Final = 30.0
"""Seconds for which a piece of work belongs to a process that does not renew it."""

RENEWED: Final = LEASE / 3
"""Seconds between renewals. Clocks of the machines have to agree better than that."""
