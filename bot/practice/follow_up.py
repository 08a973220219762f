"""After the interview: thank-you notes, and the check-in as a state machine.

The check-in is the candidate's short note "is there news?". It is due at 10:00 on the working day
after the date that the employer named; a week after the interview when none was named. It never
lapses. The bot's message asks for a tap; without one it is repeated after two working days, twice
at most, then all is quiet. Whoever has not told how the interview went is asked once, with no
repetition. *Sent* waits a week for the employer, then a second check-in is due; there is no third.
*Snooze* waits until a day that the candidate picks. *Heard back* closes.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.practice.model import CheckIn, CheckInState, Due, Kind, Plan, RealInterview, ThankYou
from bot.practice.wall_time import day_of
from bot.practice.working_days import working_after, working_from

CHECK_IN_AT = 10 * 60
MOST_NUDGES = 2
MOST_CHECK_INS = 2
_NUDGE_AFTER = 2  # working days
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class Tap(StrEnum):
    """What happens to a check-in: the bot's message went out, or the candidate tapped."""

    PUSHED = "pushed"
    SENT = "sent"
    SNOOZED = "snoozed"
    HEARD_BACK = "heard_back"
    STOPPED = "stopped"


_OPEN = (CheckInState.WAITING, CheckInState.DUE, CheckInState.NUDGED)

ARROWS: dict[tuple[CheckInState, Tap], CheckInState] = {
    (CheckInState.WAITING, Tap.PUSHED): CheckInState.DUE,
    (CheckInState.DUE, Tap.PUSHED): CheckInState.NUDGED,
    (CheckInState.NUDGED, Tap.PUSHED): CheckInState.NUDGED,
    **{(state, Tap.SENT): CheckInState.WAITING for state in _OPEN},
    **{(state, Tap.SNOOZED): CheckInState.WAITING for state in _OPEN},
    **{(state, Tap.HEARD_BACK): CheckInState.CLOSED for state in _OPEN},
    **{(state, Tap.STOPPED): CheckInState.CLOSED for state in _OPEN},
}
"""Every change of state. A closed check-in stays closed, whatever is tapped on an old message.

One change is not an arrow of its own: the second *sent* closes instead of waiting once more.
"""


def debriefed(
    plan: Plan, id_: int, people: tuple[str, ...], decision_on: date | None = None
) -> Plan:
    """The plan once the candidate has told how it went: whom to thank, and when they decide.

    Notes already sent stay sent. Raises NoSuchInterview.
    """
    interview = plan.interview(id_)
    sent = {note.person for note in interview.thank_yous if note.sent}
    notes = tuple(ThankYou(person, person in sent) for person in dict.fromkeys(people))
    plan = plan.having(replace(interview, debriefed=True, thank_yous=notes))
    return plan if decision_on is None else decision_named(plan, id_, decision_on)


def decision_named(plan: Plan, id_: int, day: date) -> Plan:
    """The plan once the employer has named, or moved, the date of its decision.

    Raises NoSuchInterview. A closed check-in stays closed.
    """
    interview = plan.interview(id_)
    due_on = working_after(max(day, interview.day))
    return _snoozed(plan, interview, due_on)


def thank_you_sent(plan: Plan, id_: int, person: str) -> Plan:
    """The plan once the note to this person is on its way. Raises NoSuchInterview."""
    interview = plan.interview(id_)
    notes = [
        replace(note, sent=True) if note.person == person else note for note in interview.thank_yous
    ]
    return plan.having(replace(interview, thank_yous=tuple(notes)))


def check_in_sent(plan: Plan, id_: int, now: datetime) -> Plan:
    """The candidate sent the check-in: a week of waiting, or the end after the second one."""
    interview = plan.interview(id_)
    check_in = interview.check_in
    state = ARROWS.get((check_in.state, Tap.SENT))
    if state is None:
        return plan
    sent = check_in.sent + 1
    if sent >= MOST_CHECK_INS:
        state = CheckInState.CLOSED
    again = working_from(day_of(now, plan.clock) + _WEEK)
    return _having(plan, interview, replace(check_in, state=state, sent=sent, due_on=again))


def snooze_check_in(plan: Plan, id_: int, until: date) -> Plan:
    """The check-in waits until this day, or the working day after. Raises NoSuchInterview."""
    return _snoozed(plan, plan.interview(id_), working_from(until))


def heard_back(plan: Plan, id_: int) -> Plan:
    """The employer answered: the check-in is closed. Raises NoSuchInterview."""
    return _closed(plan, id_, Tap.HEARD_BACK)


def stop_check_in(plan: Plan, id_: int) -> Plan:
    """The candidate wants no check-in for this interview. Raises NoSuchInterview."""
    return _closed(plan, id_, Tap.STOPPED)


def check_in_day(interview: RealInterview) -> date:
    """The day of the next check-in message, as far as it is known today."""
    return interview.check_in.due_on or working_from(interview.day + _WEEK)


def next_check_in(
    plan: Plan, interview: RealInterview, now: datetime, taken: Set[date]
) -> Due | None:
    """The next message about the check-in: on a working day that is not `taken`, or None."""
    check_in, zone, quiet = interview.check_in, plan.clock, plan.quiet
    if is_quiet(interview):
        return None
    day = max(check_in_day(interview), day_of(now, zone), plan.last_push + _DAY)
    for _ in range(len(taken) + 7):
        day = working_from(day)
        going = quiet.next_allowed(max(quiet.fitted(day, CHECK_IN_AT, zone), now), zone)
        if day not in taken and day_of(going, zone) == day:
            fresh = check_in.state is CheckInState.WAITING
            kind = Kind.CHECK_IN if fresh else Kind.CHECK_IN_NUDGE
            slot = f"check_in:{interview.id}:{check_in.pushes + 1}"
            return Due(kind, going, slot, day, interview=interview.id)
        day += _DAY
    return None


def is_quiet(interview: RealInterview) -> bool:
    """Whether no more messages come, unless the candidate taps: enough of them went unanswered.

    One is enough from somebody who never told how it went. Also when the check-in is closed.
    """
    check_in = interview.check_in
    if check_in.state in (CheckInState.WAITING, CheckInState.CLOSED):
        return check_in.state is CheckInState.CLOSED
    return not interview.debriefed or check_in.nudges >= MOST_NUDGES


def check_in_pushed(plan: Plan, due: Due) -> Plan:
    """The plan after a message about a check-in was sent."""
    if due.interview is None:
        return plan
    interview = plan.interview(due.interview)
    check_in = interview.check_in
    state = ARROWS.get((check_in.state, Tap.PUSHED))
    if state is None:
        return plan
    check_in = replace(
        check_in,
        state=state,
        pushes=check_in.pushes + 1,
        nudges=check_in.nudges + (state is CheckInState.NUDGED),
        due_on=working_after(due.day, _NUDGE_AFTER),
    )
    plan = _having(plan, interview, check_in)
    return replace(plan, last_push=max(plan.last_push, due.day))


def _snoozed(plan: Plan, interview: RealInterview, due_on: date) -> Plan:
    state = ARROWS.get((interview.check_in.state, Tap.SNOOZED))
    if state is None:
        return plan
    return _having(plan, interview, replace(interview.check_in, state=state, due_on=due_on))


def _closed(plan: Plan, id_: int, tap: Tap) -> Plan:
    interview = plan.interview(id_)
    state = ARROWS.get((interview.check_in.state, tap), CheckInState.CLOSED)
    return _having(plan, interview, replace(interview.check_in, state=state))


def _having(plan: Plan, interview: RealInterview, check_in: CheckIn) -> Plan:
    return plan.having(replace(interview, check_in=check_in))
