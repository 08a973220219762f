from __future__ import annotations

import os

# As bot.chat sets it; tests of other rooms reach python-telegram-bot without it.
os.environ.setdefault("PTB_TIMEDELTA", "true")
