"""A real interview: the three messages before it, the debrief, the thank-you nudge.

Each is bound to an hour that the candidate gave by entering the interview:

- 72 hours before the start; the evening before at 18:30 on the candidate's clock; two hours before.
- the debrief 2 hours after the end; the thank-you nudge 20 hours after it, silent from 24 on.

Quiet hours: a message moves to the next allowed minute. The evening before stays on its day, if
need be by coming earlier. Two hours before a nine o'clock interview is seven, when a candidate
wants sleep more than a message: it comes when quiet hours end, as long as an hour is left; else the
evening before carries the day's card. A nudge that would wait beyond the 24th hour comes earlier.

Late: what comes before an interview is let go after three hours, and half an hour before the start
in any case. The debrief keeps for a week (then the check-in takes over), the nudge until its 24
hours are over. A late debrief stands for the nudge too.

An interview entered late: no message follows within the hour, and none whose moment is past. The
reply to entering it can say the most useful of them at once (`said_on_entering`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.practice.follow_up import stop_check_in
from bot.practice.model import CheckInState, Due, Kind, Plan, RealInterview
from bot.practice.wall_time import day_of

BEFORE = (Kind.THREE_DAYS_BEFORE, Kind.EVENING_BEFORE, Kind.TWO_HOURS_BEFORE)
AFTER = (Kind.DEBRIEF, Kind.THANK_YOU)
EVENING = 18 * 60 + 30
MOST_INTERVIEWS = 30  # in one plan: what is owed next is computed from all of them at each turn

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_LATEST = 3 * _HOUR
_LEFT = _HOUR  # before the start, for a message that quiet hours have put off
_LAST_CALL = _HOUR / 2  # before the start: nothing is sent later, they are at the door
_EASE = _HOUR  # entering an interview is answered at once, no message need follow on its heels


def moment(plan: Plan, interview: RealInterview, kind: Kind) -> tuple[datetime, datetime] | None:
    """When a message of this kind comes and when it lapses; None if it has no sensible moment."""
    zone, quiet = plan.clock, plan.quiet
    starts, ends = interview.starts_at, interview.ends_at
    match kind:
        case Kind.THREE_DAYS_BEFORE:
            at = quiet.next_allowed(starts - 3 * _DAY, zone)
            return at, at + _LATEST
        case Kind.EVENING_BEFORE:
            at = quiet.fitted(day_of(starts, zone) - _DAY, EVENING, zone)
            return at, min(at + _LATEST, starts - _LAST_CALL)
        case Kind.TWO_HOURS_BEFORE:
            at = quiet.next_allowed(starts - 2 * _HOUR, zone)
            same_day = day_of(at, zone) == day_of(starts, zone)
            return (at, starts - _LAST_CALL) if same_day and at <= starts - _LEFT else None
        case Kind.DEBRIEF:
            return quiet.next_allowed(ends + 2 * _HOUR, zone), ends + 7 * _DAY
        case Kind.THANK_YOU:
            at, silent = quiet.next_allowed(ends + 20 * _HOUR, zone), ends + 24 * _HOUR
            if at >= silent:
                at = quiet.last_allowed(ends + 20 * _HOUR, zone)
            return (at, silent) if at > quiet.next_allowed(ends + 2 * _HOUR, zone) else None
        case _:
            return None


def bound_dues(plan: Plan, interview: RealInterview, now: datetime) -> Iterator[Due]:
    """The messages still owed that are bound to an hour of this interview."""
    for kind in (*BEFORE, *AFTER):
        if kind in (*interview.done, *interview.stopped) or not of_use(interview, kind):
            continue
        if (found := moment(plan, interview, kind)) is None:
            continue
        at, lapses = found
        going = plan.quiet.next_allowed(max(at, now), plan.clock)
        if at >= interview.set_at + _EASE and going < lapses:
            yield _due(plan, interview, kind, going, lapses)


def of_use(interview: RealInterview, kind: Kind) -> bool:
    """Whether what the candidate has told and sent leaves something for this message to say."""
    if kind is Kind.DEBRIEF:
        return not interview.debriefed
    if kind is Kind.THANK_YOU and interview.debriefed:
        return bool(unthanked(interview))
    return True


def unthanked(interview: RealInterview) -> tuple[str, ...]:
    """Who has had no note yet."""
    return tuple(note.person for note in interview.thank_yous if not note.sent)


def _due(
    plan: Plan, interview: RealInterview, kind: Kind, at: datetime, lapses: datetime | None
) -> Due:
    return Due(
        kind,
        at,
        f"{kind}:{interview.id}:{interview.starts_at:%Y%m%dT%H%M}",
        day_of(at, plan.clock),
        lapses,
        interview.id,
        unthanked(interview) if kind is Kind.THANK_YOU else (),
        kind is Kind.EVENING_BEFORE and moment(plan, interview, Kind.TWO_HOURS_BEFORE) is None,
    )


def bound_sent(plan: Plan, due: Due, now: datetime) -> Plan:
    """The plan after one of these messages was sent."""
    if due.interview is None:
        return plan
    interview = plan.interview(due.interview)
    done = {*interview.done, due.kind}
    nudge = moment(plan, interview, Kind.THANK_YOU)
    if due.kind is Kind.DEBRIEF and nudge is not None and now + 2 * _HOUR >= nudge[0]:
        done.add(Kind.THANK_YOU)
    plan = plan.having(replace(interview, done=tuple(sorted(done))))
    return replace(plan, last_push=max(plan.last_push, due.day))


def enter(
    plan: Plan, id_: int, day: date, minute: int, now: datetime, *, zone: str = "", length: int = 60
) -> Plan:
    """The plan with a real interview at `minute` on `day`, for `length` minutes.

    Also for moving it or mending its date. A date still to come starts all that hangs on it afresh,
    but for what was stopped; one that is past keeps what was told and sent. `zone` is where those
    clocks hang, by default the candidate's own zone. Of more than MOST_INTERVIEWS the one that was
    entered first is let go. Raises UnknownZone, ValueError.
    """
    entered = RealInterview(id_, day, minute, zone or plan.zone, now, length)
    for known in plan.interviews:
        if known.id == id_:
            entered = _as_known(entered, known, now)
    plan = _without_moved(plan, id_).having(entered)
    for first in sorted(each.id for each in plan.interviews)[:-MOST_INTERVIEWS]:
        plan = call_off(plan, first)
    return plan


def _as_known(entered: RealInterview, known: RealInterview, now: datetime) -> RealInterview:
    if entered.starts_at <= now:
        return replace(
            known,
            day=entered.day,
            minute=entered.minute,
            zone=entered.zone,
            length=entered.length,
            set_at=now,
        )
    check_in = replace(entered.check_in, pushes=known.check_in.pushes)
    if known.check_in.state is CheckInState.CLOSED and now < known.ends_at:
        check_in = known.check_in  # closed before there was anything to hear: it was stopped
    return replace(entered, stopped=known.stopped, check_in=check_in)


def call_off(plan: Plan, id_: int) -> Plan:
    """The plan without this interview and all that hangs on it; unchanged if it is not there."""
    kept = tuple(each for each in plan.interviews if each.id != id_)
    return replace(_without_moved(plan, id_), interviews=kept)


def said_on_entering(plan: Plan, id_: int, now: datetime) -> Kind | None:
    """The one message that the reply to entering an interview should say at once, if any.

    The last whose moment is past or within the hour. Raises NoSuchInterview.
    """
    interview = plan.interview(id_)
    if now >= interview.ends_at:
        return Kind.DEBRIEF if now < interview.ends_at + 7 * _DAY else None
    if now >= interview.starts_at:
        return None
    moments = [(kind, moment(plan, interview, kind)) for kind in BEFORE]
    missed = [kind for kind, found in moments if found is not None and found[0] < now + _EASE]
    return missed[-1] if missed else None


def stop(plan: Plan, id_: int, kind: Kind) -> Plan:
    """No more messages of this sort: those before an interview, its thank-yous, or its check-in.

    Raises NoSuchInterview.
    """
    if kind in (Kind.CHECK_IN, Kind.CHECK_IN_NUDGE):
        return stop_check_in(plan, id_)
    interview = plan.interview(id_)
    sort = BEFORE if kind in BEFORE else AFTER
    stopped = tuple(sorted({*interview.stopped, *sort}))
    return _without_moved(plan, id_, sort).having(replace(interview, stopped=stopped))


def put_off(plan: Plan, id_: int, kind: Kind, until: datetime) -> Plan | None:
    """The same message once more at `until`, or when quiet hours end after it.

    None if that would be too late to be of use, that is in the half hour before the start. Raises
    NoSuchInterview. (A check-in is snoozed instead.)
    """
    interview = plan.interview(id_)
    at = plan.quiet.next_allowed(until, plan.clock)
    lapses = interview.starts_at - _LAST_CALL if kind in BEFORE else None
    if lapses is not None and at >= lapses:
        return None
    again = _due(plan, interview, kind, at, lapses)
    again = replace(again, slot=f"{again.slot}:{at:%m%dT%H%M}")
    plan = _without_moved(plan, id_, (kind,))
    done = tuple(sorted({*interview.done, kind}))
    return replace(plan.having(replace(interview, done=done)), moved=(*plan.moved, again))


def _without_moved(plan: Plan, id_: int, kinds: tuple[Kind, ...] = (*BEFORE, *AFTER)) -> Plan:
    kept = (each for each in plan.moved if each.interview != id_ or each.kind not in kinds)
    return replace(plan, moved=tuple(kept))
