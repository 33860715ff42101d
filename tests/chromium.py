"""One browser for all tests of a process: a second beside it cannot be driven."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

PATIENCE_MS = 60_000  # for what a page shall do; it goes on at once when that is done
CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What no test sees but each new browser would start: two pages for a list under the address
    # bar. The last list of this kind counts, so those of Playwright that matter are here again.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,PreconnectToSearch,"
    "HttpsUpgrades,OptimizationHints,NetworkTimeServiceQuerying,PaintHolding,LensOverlay,"
    "MediaRouter,AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
