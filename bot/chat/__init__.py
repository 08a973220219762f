"""Telegram: updates in, screens out, delivery under flood limits."""

from __future__ import annotations

import os

# python-telegram-bot asks for this before it gives durations as timedelta, its future default.
os.environ.setdefault("PTB_TIMEDELTA", "true")
