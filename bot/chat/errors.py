"""What the log may say of an error: never its words, for they could be a candidate's."""

from __future__ import annotations

import traceback
from pathlib import Path


def kind_and_place(error: BaseException) -> str:
    """What kind of error it is and where it came from, as `ValueError at routing.py:41`.

    Not its message, nor those of the errors behind it: with a text that could not be read, stored
    or sent they may quote it. The whole story is kept with the candidate's own data.
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
