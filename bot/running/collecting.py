"""The garbage collector, set for a process that loads much once and then works for weeks.

What is loaded at the start (content, phrases, modules) never becomes garbage, and by default is
looked through again and again: a sixth of a turn's processor time.
"""

from __future__ import annotations

import gc

# Objects made before the youngest are looked through, and how many such looks make an older one.
THRESHOLDS = (10_000, 20, 50)


def spare_what_is_loaded() -> None:
    """Look once through all there is, and from now on only at what is made later."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
