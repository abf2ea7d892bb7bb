"""Tests of the packages, in folders of their names. What stands here comes before all imports."""

import os
import sys

# Small matrices are multiplied no faster on all cores: their threads only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# jsonschema imports a grammar of addresses, which takes a second and a half. No schema needs it.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
