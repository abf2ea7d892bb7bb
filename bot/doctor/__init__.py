"""Is everything in order? Checks of the installation, each with its fix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

State: TypeAlias = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of one check. The message holds the fix when the state is not `ok`."""

    subject: str
    state: State
    message: str

    def __str__(self) -> str:
        return f"{self.subject:<10} {self.state:<5} {self.message}"
