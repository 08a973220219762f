"""The garbage collector after the start."""

import subprocess
import sys

from bot.running import collecting


def test_what_is_loaded_is_not_looked_through_again():
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import gc; from bot.running.collecting import spare_what_is_loaded\n"
            "before = len(gc.get_objects()); spare_what_is_loaded()\n"
            "print(before, len(gc.get_objects()), gc.get_freeze_count(), *gc.get_threshold())",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    before, after, frozen, *thresholds = map(int, said)
    assert after < before / 10
    assert frozen > before / 2
    assert tuple(thresholds) == collecting.THRESHOLDS


def test_garbage_made_later_is_still_found():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import gc, weakref; from bot.running.collecting import spare_what_is_loaded\n"
            "spare_what_is_loaded()\n"
            "class Knot: pass\n"
            "knot = Knot(); knot.itself = knot; seen = weakref.ref(knot); del knot\n"
            "heap = [[] for _ in range(30_000)]; print(seen() is None)",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "True"
