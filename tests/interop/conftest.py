"""Without the three parsers these tests say what is missing; in CI they fail."""

from __future__ import annotations

import os

import pytest

from tests.chromium import CHROMIUM
from tests.interop.readers import ICAL_JS, LIBICAL

PACK = f"npm pack --pack-destination build/interop ical.js@{ICAL_JS.stem.split('-')[1]}"
MISSING = [
    *([] if CHROMIUM else ["Chromium (Debian: chromium)"]),
    *([] if LIBICAL else ["libical (Debian: libical3)"]),
    *([] if ICAL_JS.is_file() else [f"ical.js ({PACK})"]),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not MISSING or os.environ.get("CI") == "true":
        return
    for item in items:
        if "tests/interop" in str(item.path):
            reason = f"not installed: {', '.join(MISSING)}"
            item.add_marker(pytest.mark.skip(reason=reason))
