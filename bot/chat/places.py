"""Where a candidate is, and so which clock they go by: asked within any form, read back, confirmed.

This is a step that other forms borrow. The form `x` opens it with `ask(visit, agenda, "x", …)`,
hands it the texts that come while its step is ZONE, and gives it the taps `x:zone:…`; once one of
those returns True the zone stands in the plan, the form is still open with its draft as it was,
and the form goes on. Shared locations come in through `on_location`.
"""

from __future__ import annotations

import asyncio
from typing import Any

from bot.chat import forms
from bot.chat.agenda import Agenda, agenda_of
from bot.chat.buttons import Row, parse_numbers
from bot.chat.forms import WITHOUT_KEYS, ZONE
from bot.chat.visit import Visit
from bot.practice.drills import move_to
from bot.practice.due import before_a_tap
from bot.practice.places import Place, is_zone, look_up, now_there, zone_at

_LONGEST_LABEL = 40
_AT_SEA = "Etc/"  # the zones of open water, whose names nobody goes by


async def ask(visit: Visit, agenda: Agenda, form: str, **draft: Any) -> None:
    """Ask where they are, as a step of `form`, whose draft is kept."""
    await forms.ask(visit, agenda, form, ZONE, **draft)
    share = {"text": visit.wording.buttons["share_place"], "request_location": True}
    keys = {"keyboard": [[share]], "resize_keyboard": True, "one_time_keyboard": True}
    visit.say("where", markup=keys, moved=agenda.knows_zone)
    # The map takes a second to unfold, once: it has time for that while they think.
    asyncio.get_running_loop().run_in_executor(None, look_up, "London")


async def on_text(visit: Visit, agenda: Agenda, text: str) -> None:
    """A typed place: read back, or asked again with what it may have been."""
    form = agenda.notes["form"]["form"]
    found = await asyncio.to_thread(look_up, text)
    if found.best is not None:
        await _read_back(visit, agenda, [found.best, *found.others])
        return
    await _remember(visit, agenda, tries=list(found.suggestions))
    rows: list[Row] = [
        ((name, f"{form}:zone:try:{index}"),) for index, name in enumerate(found.suggestions)
    ]
    shown = " ".join(text.split())
    shown = f"{shown[:_LONGEST_LABEL]}…" if len(shown) > _LONGEST_LABEL else shown
    visit.say("where_unknown", rows, text=shown, suggested=bool(rows))


async def on_location(visit: Visit, latitude: float, longitude: float, otherwise: str) -> None:
    """A shared location: read back in the form that asks for it, else in the form `otherwise`."""
    agenda = await agenda_of(visit)
    form = agenda.notes.get("form")
    zone = await asyncio.to_thread(zone_at, latitude, longitude)
    if zone is None or zone.startswith(_AT_SEA):
        visit.phrase("at_sea")
        return
    if form is None or form["step"] != ZONE:
        await forms.ask(visit, agenda, otherwise, ZONE)
    await _read_back(visit, agenda, [Place("", "", "", zone)])


async def on_tap(visit: Visit, agenda: Agenda, parts: list[str]) -> bool:
    """A tap `x:zone:…`, given from "…" on; True once the zone is confirmed and in the plan.

    Then the agenda is not kept yet: the form does that with whatever follows. A button of an
    earlier question is answered and changes nothing.
    """
    form = agenda.notes.get("form")
    if form is None or form["step"] != ZONE:
        visit.buttons()
        visit.toast = visit.wording.phrase("toast_old")
        return False
    read = form["draft"].get("where", {})
    numbers = parse_numbers(parts[1:], 1)
    number = numbers[0] if numbers else -1
    match parts[0]:
        case "yes" if is_zone(read.get("zone", "")):
            _settle(visit, agenda)
            return True
        case "no":
            visit.buttons()
            visit.phrase("where_else")
        case "pick" if 0 <= number < len(read.get("others", ())):
            visit.buttons()
            await _read_back(visit, agenda, [Place(*read["others"][number])])
        case "try" if 0 <= number < len(read.get("tries", ())):
            visit.buttons()
            await on_text(visit, agenda, read["tries"][number])
        case _:
            visit.toast = visit.wording.phrase("toast_old")
    return False


def here(visit: Visit, agenda: Agenda) -> str:
    """Where the candidate is and what their clock says: "Lagos, 19:42 now"."""
    return now_there(agenda.plan.zone, visit.at, agenda.notes.get("place"))


def _settle(visit: Visit, agenda: Agenda) -> None:
    """Let the plan go by the zone that was read back; the draft is the form's own again."""
    read = agenda.notes["form"]["draft"].pop("where")
    agenda.plan = move_to(before_a_tap(agenda.plan, visit.at), read["zone"], visit.at)
    agenda.notes["knows_zone"] = True
    agenda.notes["place"] = read["name"]
    visit.buttons()
    visit.phrase("where_kept", markup=WITHOUT_KEYS, place=here(visit, agenda))


async def _read_back(visit: Visit, agenda: Agenda, places: list[Place]) -> None:
    """Say which clock that would be, the likeliest place first, and ask whether it is right."""
    form = agenda.notes["form"]["form"]
    best, others = places[0], places[1:]
    kept = [(each.name, each.region, each.country, each.zone) for each in others]
    await _remember(visit, agenda, zone=best.zone, name=best.name or None, others=kept)
    yes, no = f"{form}:zone:yes", f"{form}:zone:no"
    rows: list[Row] = [(visit.button("place_yes", yes), visit.button("place_no", no))]
    rows += [
        ((each.label[:_LONGEST_LABEL], f"{form}:zone:pick:{index}"),)
        for index, each in enumerate(others)
    ]
    area = ", ".join(part for part in (best.region, best.country) if part)
    now = now_there(best.zone, visit.at, best.name or None)
    visit.say("where_found", rows, now=now, area=area, others=bool(others))


async def _remember(visit: Visit, agenda: Agenda, **read: Any) -> None:
    """Keep what was read beside the form's own draft, which stays as it is."""
    form = agenda.notes["form"]
    await forms.ask(visit, agenda, form["form"], ZONE, **{**form["draft"], "where": read})
