"""A real interview as a calendar file that phones open: one event, with its time zone in it.

Law 1: the uid of an interview never changes, and every change of it raises its sequence number; so
a file sent later moves or cancels the entry made from an earlier one. Law 2: the wall time is
written with its zone, because a start in UTC would stay put when a country moves its clocks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

PRODUCT = "-//Second Round//Interview//EN"
LONGEST_NAME = 40
AROUND = timedelta(days=400)  # whose changes of the clock are written out


@dataclass(frozen=True, slots=True)
class Event:
    """An interview as an entry in a calendar.

    `uid` is for ever; `sequence` counts its changes from 0. `start` is aware, `zone` the name of
    the zone in which the meeting was agreed. `notes` may have several lines.
    """

    uid: str
    sequence: int
    title: str
    start: datetime
    minutes: int
    zone: str
    place: str = ""
    notes: str = ""
    cancelled: bool = False


def calendar_file(event: Event, *, stamp: datetime) -> bytes:
    """The .ics file of one interview; `stamp` (aware) is when it is written.

    It is published, not an invitation: nobody is asked to answer. There is no alarm in it, since
    the bot reminds by itself.
    """
    from icalendar import Calendar
    from icalendar import Event as Entry

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if event.cancelled else "PUBLISH")
    entry = Entry()
    start = event.start.astimezone(ZoneInfo(event.zone))
    end = (event.start + timedelta(minutes=event.minutes)).astimezone(ZoneInfo(event.zone))
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", stamp.astimezone(UTC))
    entry.add("last-modified", stamp.astimezone(UTC))
    entry.add("summary", event.title)
    entry.add("dtstart", start)
    entry.add("dtend", end)
    entry.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    entry.add("class", "PRIVATE")
    if event.place:
        entry.add("location", event.place)
    if event.notes:
        entry.add("description", event.notes)
    calendar.add_component(entry)
    calendar.add_missing_timezones((start - AROUND).date(), (end + AROUND).date())
    return bytes(calendar.to_ical())


def file_name(company: str) -> str:
    """A name for the file that any phone can save: "interview-harlow.ics"."""
    plain = unicodedata.normalize("NFKD", company).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_NAME].strip("-")
    return f"interview-{slug}.ics" if slug else "interview.ics"
