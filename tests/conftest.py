from __future__ import annotations

import os
import shutil

import pytest

# As bot.chat sets it; tests of other rooms reach python-telegram-bot without it.
os.environ.setdefault("PTB_TIMEDELTA", "true")


@pytest.fixture(scope="session")
def chromium() -> dict[str, object]:
    """What Playwright launches: a Chromium of this computer, quiet on the network."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        missing = "no Chromium on this computer: the local page was not tried in a browser"
        if os.environ.get("BROWSER_REQUIRED"):
            pytest.fail(missing)
        pytest.skip(missing)
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    return {"executable_path": path, "args": quiet}
