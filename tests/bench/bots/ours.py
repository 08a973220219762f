"""Our bot as `python -m bot` runs it, without the pace that Telegram's limits ask for."""

from __future__ import annotations

import sys

from bot.__main__ import main
from bot.chat import delivery

if __name__ == "__main__":
    delivery.CALLS_A_SECOND = 100_000
    delivery.IN_FLIGHT = 256
    sys.exit(main())
