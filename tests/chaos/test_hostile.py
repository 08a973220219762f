"""Updates as no honest Telegram would send them: nothing crashes, and no chat is stuck after."""

from __future__ import annotations

import logging
from pathlib import Path

from tests.chaos.hostile import endure


def test_after_any_updates_everybody_is_still_answered(folder: Path) -> None:
    logging.disable(logging.CRITICAL)
    try:
        assert endure(folder, 120) >= 120
    finally:
        logging.disable(logging.NOTSET)
