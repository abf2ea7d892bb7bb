"""What the doctor finds: one thing looked at, in one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `said` holds the mend when the state is not `ok`."""

    about: str
    state: State
    said: str

    def __str__(self) -> str:
        return f"{self.about:<10} {self.state:<5} {self.said}"
