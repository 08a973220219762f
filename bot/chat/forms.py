"""A question of our own that is answered in words: which text belongs to it, and when it is over.

A form is what the bot asked last outside an interview: a city, a company, a date. While one is
open, the next text belongs to it, whatever interview is running; a command, or a button that
begins something else, leaves it. A form has the name of its buttons' area. `step` and `draft` are
its own business, but for the step ZONE, which is `places`': it shows a key to share where one is,
and whatever ends it takes that key away.

notes["form"] is the form that is open; notes["left"] a debrief that something else came before:
its question still stands above, and words may yet come for it (see `debriefing`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.chat.agenda import Agenda, agenda_of, keep
from bot.chat.stages import FILLING, READY
from bot.chat.visit import Visit

Fill = Callable[[Visit, Agenda, str], Awaitable[None]]

ZONE = "zone"
WITHOUT_KEYS = {"remove_keyboard": True}
# Areas of the buttons that begin something else which words may be meant for. "d" and "i" are not
# among them: of these only some do, and only while they are not old.
_BEGINNERS = {"a", "h", "p", "t", "v", "w"}
_COMES_BACK = {"e"}  # debriefs, whose words nobody should have to type twice


async def ask(visit: Visit, agenda: Agenda, form: str, step: str, **draft: Any) -> None:
    """Open a form at a step; `draft` is kept with it. The caller says the question."""
    before = agenda.notes.get("form") if visit.candidate.stage == FILLING else None
    if before is not None and before["form"] != form:
        _put_aside(visit, agenda, before)
    elif agenda.notes.get("left", {}).get("form") == form:
        del agenda.notes["left"]
    asked_at = visit.at.isoformat()
    agenda.notes["form"] = {"form": form, "step": step, "draft": draft, "at": asked_at}
    await keep(visit, agenda)
    await visit.save(stage=FILLING)


async def leave(visit: Visit, *, for_good: bool = False) -> dict[str, Any] | None:
    """Close the form that is open, and return it; None when none is.

    What is left `for_good` is not come back to, and the caller says that it was left.
    """
    if visit.candidate.stage != FILLING:
        return None
    agenda = await agenda_of(visit)
    form: dict[str, Any] | None = agenda.notes.pop("form", None)
    if form is not None and not for_good:
        _put_aside(visit, agenda, form)
    await keep(visit, agenda)
    await visit.save(stage=READY)
    return form


def _put_aside(visit: Visit, agenda: Agenda, form: dict[str, Any]) -> None:
    if form["form"] in _COMES_BACK:
        agenda.notes["left"] = {**form, "at": visit.at.isoformat()}
    if form["step"] == ZONE:
        visit.phrase("where_left", markup=WITHOUT_KEYS)


async def done(visit: Visit, agenda: Agenda) -> None:
    """Close the form and keep the agenda as the form has left it."""
    agenda.notes.pop("form", None)
    await keep(visit, agenda)
    await visit.save(stage=READY)


async def on_text(visit: Visit, text: str, forms: Mapping[str, Fill]) -> bool:
    """Give a text to the form that is open, one of `forms`; False when none is."""
    if visit.candidate.stage != FILLING:
        return False
    agenda = await agenda_of(visit)
    form = agenda.notes.get("form")
    if form is None or form["form"] not in forms:
        await leave(visit)
        return False
    await forms[form["form"]](visit, agenda, text)
    return True


async def before_a_tap(visit: Visit, area: str) -> None:
    """A tap that begins something else leaves the open form; one beside it does not."""
    if visit.candidate.stage != FILLING or area not in _BEGINNERS:
        return
    agenda = await agenda_of(visit)
    form = agenda.notes.get("form")
    if form is None or form["form"] != area:
        await leave(visit)
