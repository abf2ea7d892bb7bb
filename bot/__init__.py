"""The face: settings, composition, command line, console chat and Telegram."""

from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import MetadataPathFinder
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOT: Final = str(Path(__file__).resolve().parent.parent)
_SHARED_NAMES: Final = frozenset({"corpus", "index", "tools"})


class _OwnPackages(MetadataPathFinder):
    """Finds the packages beside this one first: `index` is a name that others use, too."""

    @classmethod
    def find_spec(
        cls,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """The package of that name in the folder where this one lies, if it is one of ours."""
        if path is None and fullname in _SHARED_NAMES:
            return PathFinder.find_spec(fullname, [_ROOT], target)
        return None


sys.meta_path.insert(0, _OwnPackages)

# Before numpy is loaded, which reads it once. Sentences make small matrices: more threads only wait
# for each other, which on busy cores costs seven times the processor time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
