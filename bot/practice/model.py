"""What is owed to one candidate: drills, messages around real interviews, follow-ups. Data only.

A *plan* holds all of it and is stored whole, as JSON, one for each candidate. A *due* is the next
message that the plan owes. Dates are local (the candidate's calendar, or the interview's own),
instants are aware and in UTC, minutes are minutes of the day on the wall clock, weekdays run from
0 (Monday) to 6. Interview ids are the store's; people are whatever names them in the store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from bot.practice.wall_time import DAY_MINUTES, QuietHours, instant, zone_named

LONG_AGO = date.min
UNTIL_TOLD = date.max
DEFAULT_QUIET = QuietHours()


class Kind(StrEnum):
    """The messages that the bot sends of its own accord, the weightiest first."""

    TWO_HOURS_BEFORE = "two_hours_before"
    EVENING_BEFORE = "evening_before"
    DEBRIEF = "debrief"
    THANK_YOU = "thank_you"
    THREE_DAYS_BEFORE = "three_days_before"
    CHECK_IN = "check_in"
    CHECK_IN_NUDGE = "check_in_nudge"
    OFFER_FEWER = "offer_fewer"
    DRILL = "drill"


class NoSuchInterview(LookupError):
    """The plan knows no interview of this id: it was called off, or is long over."""


class InsideQuietHours(ValueError):
    """A drill time was chosen inside the quiet hours, or quiet hours around the drill time."""


@dataclass(frozen=True, slots=True)
class Due:
    """One message to send.

    `at` is the first instant at which it may go, outside quiet hours; until `lapses_at` it still
    makes sense to send it, None meaning always. `day` is the day that it counts for. `interview`
    is set for all but drills and the offer of fewer, `people` for a thank-you nudge: who has had
    no note yet (empty when the debrief never told). `with_day_card`: the evening before says what
    the message two hours before would have said, as that one would wake the candidate.
    `slot` names what is owed, once and for ever for this candidate: a unique key for the outbox.
    """

    kind: Kind
    at: datetime
    slot: str
    day: date
    lapses_at: datetime | None = None
    interview: int | None = None
    people: tuple[str, ...] = ()
    with_day_card: bool = False


@dataclass(frozen=True, slots=True)
class DrillPlan:
    """When drills come, and how the last ones went.

    `settled_to` is the last day whose drill is settled: sent, skipped, replaced or let go. `since`
    is the instant of the last change of zone. `off_until` is the first day with drills again.
    `open_on` is the day of a drill that was sent and not yet touched; `ignored` counts the ones
    before it, in a row. `resting`: fewer were offered, and nothing came back.
    """

    minute: int
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    off_until: date = LONG_AGO
    weekly_goal: int = 3
    settled_to: date = LONG_AGO
    since: datetime | None = None
    open_on: date | None = None
    ignored: int = 0
    resting: bool = False
    answered_on: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError for what is no time, no weekday or no goal."""
        if not 0 <= self.minute < DAY_MINUTES:
            raise ValueError("a drill comes at a minute of the day, 0 to 1439")
        if any(not 0 <= each <= 6 for each in self.weekdays):
            raise ValueError("weekdays run from 0 (Monday) to 6")
        if self.weekly_goal < 1:
            raise ValueError("a weekly goal is at least one drill")


class CheckInState(StrEnum):
    """Where the candidate's question "any news?" to the employer stands."""

    WAITING = "waiting"
    DUE = "due"
    NUDGED = "nudged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The check-in after one interview.

    `due_on` is the day of the next message, None until something is known that is better than a
    week after the interview. `pushes` counts all messages, `nudges` those that only repeat (at most
    two), `sent` the check-ins that the candidate has sent (the second one closes it).
    """

    state: CheckInState = CheckInState.WAITING
    due_on: date | None = None
    pushes: int = 0
    nudges: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True)
class ThankYou:
    """The note to one person met."""

    person: str
    sent: bool = False


@dataclass(frozen=True, slots=True)
class RealInterview:
    """An interview that really takes place: at `minute` on `day`, by the clocks of `zone`.

    `set_at` is when the candidate last said so. `done` holds what was sent for this date, `stopped`
    what the candidate does not want. `debriefed` is set once they have told how it went.
    """

    id: int
    day: date
    minute: int
    zone: str
    set_at: datetime
    length: int = 60
    done: tuple[Kind, ...] = ()
    stopped: tuple[Kind, ...] = ()
    debriefed: bool = False
    thank_yous: tuple[ThankYou, ...] = ()
    check_in: CheckIn = CheckIn()

    def __post_init__(self) -> None:
        """Raise ValueError for what is no time of day or no length, UnknownZone for the zone."""
        if not 0 <= self.minute < DAY_MINUTES or self.length < 1:
            raise ValueError("an interview has a minute of the day and a length in minutes")
        zone_named(self.zone)

    @property
    def starts_at(self) -> datetime:
        """The instant at which it begins."""
        return instant(self.day, self.minute, zone_named(self.zone))

    @property
    def ends_at(self) -> datetime:
        """The instant at which it is expected to end."""
        return self.starts_at + timedelta(minutes=self.length)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is owed to one candidate, who lives by the clocks of `zone`.

    `moved` are messages that the candidate asked to have again at another time, sent whatever else
    is. `last_push` is the last local day for which the bot sent anything of its own accord.
    """

    zone: str
    quiet: QuietHours = DEFAULT_QUIET
    drill: DrillPlan | None = None
    interviews: tuple[RealInterview, ...] = ()
    moved: tuple[Due, ...] = ()
    last_push: date = LONG_AGO

    def __post_init__(self) -> None:
        """Raise UnknownZone, or InsideQuietHours if the drill time is a quiet one."""
        zone_named(self.zone)
        if self.drill is not None and self.drill.minute in self.quiet:
            raise InsideQuietHours(self.drill.minute)

    @property
    def clock(self) -> ZoneInfo:
        """The zone that the candidate lives by."""
        return zone_named(self.zone)

    def interview(self, id_: int) -> RealInterview:
        """The interview of this id. Raises NoSuchInterview."""
        for each in self.interviews:
            if each.id == id_:
                return each
        raise NoSuchInterview(id_)

    def having(self, interview: RealInterview) -> Plan:
        """The plan with this interview in place of the one of the same id, or added."""
        others = tuple(each for each in self.interviews if each.id != interview.id)
        return replace(self, interviews=(*others, interview))


@cache
def _adapter() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)


def encode(plan: Plan) -> str:
    """The plan as one line of JSON."""
    return _adapter().dump_json(plan, exclude_defaults=True).decode()


def decode(stored: str) -> Plan:
    """The plan that `encode` stored. Raises ValueError if it is none."""
    return _adapter().validate_json(stored)
