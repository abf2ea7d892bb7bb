"""The Bot API emulator in ../shared/tools, imported by its path."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any


def load_emulator(shared: Path) -> Any:
    """The emulator's module; imported once."""
    name = "botapi_emulator"
    if name not in sys.modules:
        found = importlib.util.spec_from_file_location(name, shared / "tools" / f"{name}.py")
        assert found
        assert found.loader
        module = importlib.util.module_from_spec(found)
        sys.modules[name] = module
        found.loader.exec_module(module)
    return sys.modules[name]
