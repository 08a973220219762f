"""The daily drill: which days have one, when it comes, and what a tap on it changes.

Law 1: a chosen weekday has exactly one drill, at the chosen wall time, for which it counts. A wall
time skipped in spring comes at the first minute after the gap, one that happens twice comes once.
Law 2: a drill more than three hours late, or not yet sent when its day ends, is let go.
Law 3: a day is settled once, by its date, and never again, whatever clocks and zones do.

Moving between zones is read as a jump of the candidate's own wall clock. Flying west repeats hours
or a date: its drill comes once. Flying east skips hours: a drill skipped comes at the first allowed
minute after the move, if that is still the same date there. A date that the move ended before its
drill's minute had come is no day with a drill, just as 30 December 2011 was none in Samoa: its
evening never came, and two drills on the next day would be one too many. Dates only go forward:
once a date has had its drill, an earlier one that comes back has none.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.practice.model import LONG_AGO, UNTIL_TOLD, DrillPlan, Due, Kind, Plan
from bot.practice.wall_time import QuietHours, day_exists, day_of, instant

LATEST = timedelta(hours=3)
_DAY = timedelta(days=1)
_LATER_HOURS = (3, 2, 1)
_IGNORED_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Week:
    """How the weekly goal stands: drills answered since Monday, and how many are meant.

    `frozen`: a real interview falls in this week, give or take a day; the goal counts as kept.
    """

    answered: int
    goal: int
    frozen: bool

    @property
    def kept(self) -> bool:
        """Whether the week counts as a good one."""
        return self.frozen or self.answered >= self.goal


def slot_at(plan: Plan, day: date) -> datetime | None:
    """When the drill of `day` comes, past or future; None if that day has none to come.

    Asks neither for weekdays nor for what replaces the drill.
    """
    drill, zone = plan.drill, plan.clock
    if drill is None or not day_exists(day, zone):
        return None
    at = plan.quiet.next_allowed(instant(day, drill.minute, zone), zone)
    if drill.since is not None and at < drill.since:
        at = plan.quiet.next_allowed(drill.since, zone)
        return at if day_of(at, zone) == day else None
    return at


def next_drill(plan: Plan, now: datetime, taken: Set[date] = frozenset()) -> Due | None:
    """The drill, or the offer of fewer, that comes next on a day that is not `taken`."""
    drill, zone = plan.drill, plan.clock
    if drill is None or drill.resting or drill.off_until == UNTIL_TOLD or not drill.weekdays:
        return None
    settled = max(drill.settled_to, plan.last_push)
    first = max(day_of(now, zone) - _DAY, drill.off_until, settled + _DAY)
    for ahead in range(7 * (len(taken) + 4)):
        day = first + ahead * _DAY
        if day.weekday() not in drill.weekdays or day in taken:
            continue
        if (at := slot_at(plan, day)) is None:
            continue
        going = plan.quiet.next_allowed(max(at, now), zone)
        if going - at <= LATEST and day_of(going, zone) == day_of(at, zone):
            return Due(_kind(drill), going, f"drill:{day}", day, at + LATEST)
    return None


def _kind(drill: DrillPlan) -> Kind:
    ignored = drill.ignored + (drill.open_on is not None)
    return Kind.OFFER_FEWER if ignored >= _IGNORED_ENOUGH else Kind.DRILL


def drill_sent(plan: Plan, due: Due) -> Plan:
    """The plan after a drill or the offer of fewer was sent."""
    if (drill := plan.drill) is None:
        return plan
    settled = max(drill.settled_to, due.day)
    if due.kind is Kind.OFFER_FEWER:
        drill = replace(drill, settled_to=settled, resting=True)
    else:
        ignored = drill.ignored + (drill.open_on not in (None, due.day))
        drill = replace(drill, settled_to=settled, open_on=due.day, ignored=ignored)
    return replace(plan, drill=drill, last_push=max(plan.last_push, due.day))


def choose_drills(
    plan: Plan, now: datetime, minute: int, weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
) -> Plan:
    """The plan with drills at this minute on these weekdays, from the next such minute on.

    Also for changing them. A day that has had its drill gets no second one. Raises
    InsideQuietHours, and ValueError for what is no minute or weekday.
    """
    chosen = tuple(sorted(set(weekdays)))
    drill = plan.drill or DrillPlan(minute, chosen)
    drill = replace(drill, minute=minute, weekdays=chosen, off_until=LONG_AGO)
    return _from_now_on(replace(plan, drill=_touched(drill)), now)


def pause(plan: Plan, until: date = UNTIL_TOLD) -> Plan:
    """No drills before this local day; without one, none until the candidate resumes."""
    return _with(plan, off_until=until)


def resume(plan: Plan, now: datetime) -> Plan:
    """Drills again, from the next chosen minute on; also the answer "keep them coming"."""
    return _from_now_on(_with(plan, off_until=LONG_AGO), now)


def fewer(plan: Plan) -> Plan:
    """Every other of the chosen weekdays; from one weekday on, a pause until told."""
    if plan.drill is None or len(plan.drill.weekdays) <= 1:
        return pause(plan)
    return _with(plan, weekdays=plan.drill.weekdays[::2])


def skip(plan: Plan, day: date) -> Plan:
    """The drill of this day is left out; one that was put off to later does not come either."""
    return replace(_with(plan), moved=_without_drill(plan, day))


def answered(plan: Plan, now: datetime) -> Plan:
    """The candidate answered a drill, a daily one or one asked for: it counts for the week."""
    if plan.drill is None:
        return plan
    today = day_of(now, plan.clock)
    this_week = [day for day in plan.drill.answered_on if day >= _monday(today)]
    plan = replace(plan, moved=_without_drill(plan, today))
    return _with(plan, answered_on=(*this_week, today))


def later_today(plan: Plan, day: date, now: datetime) -> Plan | None:
    """The drill of `day` once more in three hours, or two, or one, whichever still falls today.

    None if none does, or if `day` is over: then there is no later today.
    """
    zone = plan.clock
    for hours in _LATER_HOURS:
        at = now + timedelta(hours=hours)
        if day_of(at, zone) == day == day_of(now, zone) and not plan.quiet.cover(at, zone):
            slot = f"drill:{day}:{at:%H%M}"
            again = Due(Kind.DRILL, at, slot, day, at + LATEST)
            plan = _with(plan)
            return replace(plan, moved=(*_without_drill(plan, day), again))
    return None


def choose_quiet_hours(plan: Plan, quiet: QuietHours) -> Plan:
    """The plan with these quiet hours. Raises InsideQuietHours if they cover the drill time."""
    return replace(plan, quiet=quiet)


def choose_weekly_goal(plan: Plan, goal: int) -> Plan:
    """The plan with a goal of so many answered drills a week, at least 1 (ValueError)."""
    return _with(plan, weekly_goal=goal)


def move_to(plan: Plan, zone: str, now: datetime) -> Plan:
    """The plan of a candidate who lives by the clocks of `zone` from now on.

    Raises UnknownZone. Drills follow the definition above; so do all messages that are told by a
    wall time, while an interview stays at its own.
    """
    moved = replace(plan, zone=zone)
    if (drill := plan.drill) is None or plan.clock == moved.clock:
        return moved
    settled = _come(plan, now)
    owed = next_drill(plan, now)
    if owed is not None and owed.at <= now:
        settled = owed.day - _DAY
    drill = replace(drill, settled_to=max(drill.settled_to, settled), since=now)
    return replace(moved, drill=drill)


def this_week(plan: Plan, now: datetime) -> Week | None:
    """How the week goes, Monday to Sunday on the candidate's calendar; None without drills."""
    if plan.drill is None:
        return None
    monday = _monday(day_of(now, plan.clock))
    days = [day for day in plan.drill.answered_on if monday <= day < monday + 7 * _DAY]
    around = (day_of(each.starts_at, plan.clock) for each in plan.interviews)
    frozen = any(monday - _DAY <= day <= monday + 7 * _DAY for day in around)
    return Week(len(days), plan.drill.weekly_goal, frozen)


def settle_replaced(plan: Plan, now: datetime, taken: Set[date]) -> Plan:
    """The plan in which a drill that gave way to a message of `taken` days stays away.

    Without this, a drill would come late once the message that replaced it falls away.
    """
    come = _come(plan, now)
    if plan.drill is None or come not in taken:
        return plan
    settled = max(plan.drill.settled_to, come)
    return replace(plan, drill=replace(plan.drill, settled_to=settled))


def _come(plan: Plan, now: datetime) -> date:
    """The last day whose drill minute has come by `now`.

    A day that a move jumped over has not come: flying back can still bring its evening.
    """
    day = day_of(now, plan.clock)
    at = slot_at(plan, day)
    if at is not None and at <= now:
        return day
    return day - (_DAY if slot_at(plan, day - _DAY) is not None else 2 * _DAY)


def _from_now_on(plan: Plan, now: datetime) -> Plan:
    if plan.drill is None:
        return plan
    settled = max(plan.drill.settled_to, _come(plan, now))
    return replace(plan, drill=replace(plan.drill, settled_to=settled))


def _touched(drill: DrillPlan) -> DrillPlan:
    return replace(drill, open_on=None, ignored=0, resting=False)


def _with(plan: Plan, **changes: object) -> Plan:
    """The plan with its drills touched and changed; untouched when it has none."""
    if plan.drill is None:
        return plan
    return replace(plan, drill=replace(_touched(plan.drill), **changes))  # type: ignore[arg-type]


def _without_drill(plan: Plan, day: date) -> tuple[Due, ...]:
    return tuple(each for each in plan.moved if each.kind is not Kind.DRILL or each.day != day)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
