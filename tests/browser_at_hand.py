"""Finds a browser for the tests, or installs Debian's where that may be done; in CI there has to be one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser() -> str | None:
    """Return the path of a Chromium: FRONTDOOR_CHROMIUM, or one on the path."""
    named = os.environ.get("FRONTDOOR_CHROMIUM")
    if named:
        return named if shutil.which(named) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _fetched()


def _fetched() -> str | None:
    """Return the browser that Playwright keeps for itself, where it has one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def main() -> int:
    if find_browser() is None and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print("Installing Chromium for the browser tests (once)", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False, stdout=subprocess.DEVNULL)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"],
            check=False,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    if find_browser() is not None:
        return 0
    # Elsewhere than on Debian as root: the browser tests' own library can fetch one, where the network lets it.
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "chromium"], check=False, stdout=subprocess.DEVNULL
    )
    if find_browser() is not None:
        return 0
    print(
        "The browser tests need Chromium. Install it (Debian: apt-get install chromium), "
        "or say where it is: FRONTDOOR_CHROMIUM=/path/to/chromium",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
