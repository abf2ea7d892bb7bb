"""A headless Chromium, as wide as a phone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

WIDTH, HEIGHT = 360, 740
"""CSS pixels of a small phone."""


def needed(name: str) -> str:
    """The path of a program that CI installs; elsewhere a test without it is skipped."""
    path = shutil.which(name)
    if path is None:
        _skip(f"needs {name}: Debian's packages chromium and chromium-driver")
    assert path
    return path


def axe_script() -> str:
    """The source of axe-core, which CI installs into a folder of its own."""
    path = os.environ.get("AXE_CORE", "")
    if not path:
        _skip("needs AXE_CORE, the path of axe.min.js of the npm package axe-core")
    return Path(path).read_text(encoding="utf-8")


def _skip(reason: str) -> None:
    if os.environ.get("CI") and not os.environ.get("LACKS_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def chromium(scale: float = 1.0) -> Iterator[webdriver.Chrome]:
    """A browser; `scale` is how many pixels of its screen one of CSS takes."""
    options = webdriver.ChromeOptions()
    options.binary_location = needed("chromium")
    for argument in (
        "--headless=new",
        "--no-sandbox",  # CI runs as root
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        "--force-color-profile=srgb",
    ):
        options.add_argument(argument)
    metrics = {"width": WIDTH, "height": HEIGHT, "pixelRatio": scale, "touch": True}
    options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(needed("chromedriver")))
    browser.set_page_load_timeout(60)
    try:
        yield browser
    finally:
        browser.quit()


def prefer(browser: webdriver.Chrome, scheme: str) -> None:
    """Have the browser prefer light or dark pages."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def complaints(browser: webdriver.Chrome) -> list[str]:
    """What the browser complained of, such as a script that the page's policy forbids."""
    entries: list[dict[str, Any]] = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return [entry["message"] for entry in entries if "favicon.ico" not in entry["message"]]
