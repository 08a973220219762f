"""What is known about the real interviews, beside their dates: company, role, people, how it went.

The plan keeps the dates; the rest stands in the agenda's notes under the same id, as plain JSON:
`interviews` (by id), `last_interview` (ids are never used twice) and `entering` (the draft of one
that is being entered, kept when the candidate goes away).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot.chat.agenda import Agenda
from bot.practice.due import before_a_tap
from bot.practice.model import NoSuchInterview, RealInterview
from bot.practice.people import Person
from bot.practice.wall_time import day_of

KEPT = 30  # interviews whose details are kept; the oldest go first
WEEK = 7  # days
ROUNDS = ("first", "second", "third", "final")
Details = dict[str, Any]


def new_id(agenda: Agenda) -> int:
    """An id that no interview of this candidate ever had."""
    last: int = agenda.notes.get("last_interview", 0) + 1
    agenda.notes["last_interview"] = last
    return last


def details_of(agenda: Agenda, id_: int) -> Details:
    """What is known about an interview; to be changed in place."""
    known: dict[str, Details] = agenda.notes.setdefault("interviews", {})
    details = known.setdefault(str(id_), {})
    for oldest in sorted(map(int, known))[:-KEPT]:
        if str(oldest) != str(id_):
            del known[str(oldest)]
    return details


def drop(agenda: Agenda, id_: int) -> None:
    """Forget the details of an interview that is off."""
    agenda.notes.get("interviews", {}).pop(str(id_), None)


def find(agenda: Agenda, number: str) -> RealInterview | None:
    """The interview that a button names, or None; what is hostile names none."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    try:
        return agenda.plan.interview(int(number))
    except NoSuchInterview:
        return None


def settle_today(agenda: Agenda, now: datetime) -> None:
    """To be called first by every tap that changes the plan (see `before_a_tap`)."""
    agenda.plan = before_a_tap(agenda.plan, now)


def coming(agenda: Agenda, now: datetime) -> RealInterview | None:
    """The next interview that has not begun."""
    ahead = [each for each in agenda.plan.interviews if each.starts_at > now]
    return min(ahead, key=lambda each: each.starts_at, default=None)


def how_soon(agenda: Agenda, now: datetime) -> str:
    """When the next interview is, as it is kept with the candidate: "today", "week", …."""
    ahead = coming(agenda, now)
    if ahead is None:
        return "none"
    days = (day_of(ahead.starts_at, agenda.plan.clock) - today(agenda, now)).days
    return "today" if days < 2 else "week" if days <= 7 else "later"


# People, in the order in which they were named: {"1": {"name": "Ana Ruiz", "role": "head of ops"}}


def people_of(details: Details) -> dict[str, Person]:
    """Everybody the interview is, or was, with, by their key."""
    return {key: Person(**each) for key, each in details.get("people", {}).items()}


def add_people(details: Details, people: tuple[Person, ...]) -> list[str]:
    """Add people; returns their keys. Somebody of the same name is the same, with a newer role."""
    known: dict[str, dict[str, str]] = details.setdefault("people", {})
    keys = []
    for person in people:
        same = [key for key, each in known.items() if person.name and each["name"] == person.name]
        key = same[0] if same else str(max(map(int, known), default=0) + 1)
        role = person.role or (known[key]["role"] if same else "")
        known[key] = {"name": person.name, "role": role}
        keys.append(key)
    return keys


def met(details: Details) -> dict[str, Person]:
    """Who was really there, as far as it was told."""
    people = people_of(details)
    return {key: people[key] for key in details.get("met", ()) if key in people}


# In words


def listed(names: Sequence[str]) -> str:
    """The names as in a sentence: "Ana, Tom and Priya"; what is "" is left out."""
    *first, last = [name for name in names if name] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def day_in_words(day: date, today: date) -> str:
    """Such as "Tuesday 24 November", with the year where that is more than half a year away."""
    far = abs((day - today).days) > 180
    return f"{day:%A} {day.day} {day:%B}" + (f" {day.year}" if far else "")


def moment_in_words(at: datetime, agenda: Agenda, now: datetime) -> str:
    """Such as "Tuesday 24 November, 15:00", on the candidate's clock."""
    there = at.astimezone(agenda.plan.clock)
    return f"{day_in_words(there.date(), today(agenda, now))}, {there:%H:%M}"


def times_in_words(times: Sequence[datetime], agenda: Agenda, now: datetime) -> str:
    """Hours where all are within the week, "Monday 15:00 and Tuesday 13:00"; else days.

    Days share their month where they can: "on Monday 14 and Thursday 17 December". "" for none.
    """
    there = [at.astimezone(agenda.plan.clock) for at in times]
    if not there:
        return ""
    if (there[-1].date() - today(agenda, now)).days < WEEK:
        return listed([f"{at:%A %H:%M}" for at in there])
    last = there[-1]
    days = [
        f"{at:%A} {at.day}" + ("" if at.month == last.month and at is not last else f" {at:%B}")
        for at in there
    ]
    return f"on {listed(days)}"


def today(agenda: Agenda, now: datetime) -> date:
    """The date on the candidate's calendar."""
    return day_of(now, agenda.plan.clock)


def view(agenda: Agenda, interview: RealInterview, now: datetime) -> dict[str, Any]:
    """An interview as templates show it; what is not known is ""."""
    details = details_of(agenda, interview.id)
    starts = interview.starts_at.astimezone(agenda.plan.clock)
    here = today(agenda, now)
    return {
        "company": details.get("company", ""),
        "role": details.get("role", ""),
        "round": details.get("round", ""),
        "people": listed([each.label for each in people_of(details).values() if each.label]),
        "names": listed([each.name for each in people_of(details).values() if each.name]),
        "place": details.get("place", ""),
        "day": day_in_words(starts.date(), here),
        "time": f"{starts:%H:%M}",
        "days_left": (starts.date() - here).days,
        "length": interview.length,
        "over": now >= interview.ends_at,
        "told": interview.debriefed,
    }
