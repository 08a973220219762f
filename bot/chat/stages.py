"""Where a candidate is outside interviews: each name is what was asked of them last."""

from __future__ import annotations

NEW = "new"
ASKED_WORK = "asked_work"
ASKED_WHEN = "asked_when"
ASKED_WARM_UP = "asked_warm_up"
READY = "ready"
FILLING = "filling"  # a form is open, see forms.py
