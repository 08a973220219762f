"""The clockwork: what the bot says next of its own accord, and when.

At most one push a day, which means exactly this, on the candidate's own calendar:

- Entering a real interview asks for its messages (see `appointments`). They always come, each once
  for one interview, and one a day, but for the debrief, which may share its day with the message
  two hours before or with the thank-you nudge. (After an interview in the small hours, without
  quiet hours, all three fall on its own day.) Two interviews that overlap bring their own.
- Of what nobody asked for by an hour, a day has at most one message, and none if it has one of the
  above: the check-in before the drill (or the offer of fewer). The check-in then waits for the
  next working day; the drill is replaced. There is no drill on the day of a real interview.
- A drill counts for the day that owed it (the clocks can push it a minute past midnight).
- Replies to what the candidate does are no pushes, nor is a drill that they asked for later today.

A push is settled in the same transaction that writes it, and is then never owed again: days, kinds
and counts are settled, not instants, so a clock that is set back doubles nothing.

The store keeps one row a candidate: the plan, and `wakes_at` with an index. A tick takes the rows
whose `wakes_at` has come and calls `tick` on each; a row with None costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bot.practice.appointments import AFTER, BEFORE, bound_dues, bound_sent, of_use, unthanked
from bot.practice.drills import drill_sent, next_drill, settle_replaced
from bot.practice.follow_up import check_in_day, check_in_pushed, is_quiet, next_check_in
from bot.practice.model import Due, Kind, Plan, RealInterview
from bot.practice.wall_time import day_of

_BOUND = (*BEFORE, *AFTER)
_DRILLS = (Kind.DRILL, Kind.OFFER_FEWER)
_WEIGHT = {kind: weight for weight, kind in enumerate(Kind)}
_FORGOTTEN_AFTER = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one tick does for one candidate: `due` to be written, if any, and the row after it."""

    due: Due | None
    plan: Plan
    wakes_at: datetime | None


def tick(plan: Plan, now: datetime) -> Turn:
    """One step at `now`: at most one message, the plan to store, when to look again.

    `wakes_at` is None when nothing is owed until the candidate does something. If more than one
    message is due (an interview each), it has come already and the next tick takes it.
    """
    due = next_due(plan, now)
    if due is None or due.at > now:
        return Turn(None, plan, wakes_at(plan, now))
    plan = settle(plan, due, now)
    return Turn(due, plan, wakes_at(plan, now))


def wakes_at(plan: Plan, now: datetime) -> datetime | None:
    """When the plan next owes something; to be stored with every plan that is stored."""
    due = next_due(plan, now)
    return None if due is None else due.at


def next_due(plan: Plan, now: datetime) -> Due | None:
    """The next message that the plan owes, or None. `now` is aware.

    Its `at` is never inside quiet hours and never before `now`: what is owed already is due now, or
    when the quiet hours end.
    """
    now = now.astimezone(UTC)
    return min(
        _owed(plan, now), key=lambda due: (due.at, _WEIGHT[due.kind], due.slot), default=None
    )


def _moved(plan: Plan, now: datetime) -> Iterator[Due]:
    """What the candidate has put off, as far as it is still of use."""
    for due in plan.moved:
        at = plan.quiet.next_allowed(max(due.at, now), plan.clock)
        late = due.lapses_at is not None and at > due.lapses_at
        if late or (due.kind is Kind.DRILL and day_of(at, plan.clock) != due.day):
            continue
        if due.interview is None:
            yield replace(due, at=at)
        elif of_use(interview := plan.interview(due.interview), due.kind):
            people = unthanked(interview) if due.kind is Kind.THANK_YOU else ()
            yield replace(due, at=at, day=day_of(at, plan.clock), people=people)


def _owed(plan: Plan, now: datetime) -> Iterator[Due]:
    """The next message of each sort, the weightier taking the day from the lighter."""
    again = list(_moved(plan, now))
    yield from (due for due in again if due.kind is Kind.DRILL)
    bound = [due for due in again if due.kind is not Kind.DRILL]
    bound += [due for each in plan.interviews for due in bound_dues(plan, each, now)]
    yield from bound
    taken = {due.day for due in bound}
    for interview in sorted(plan.interviews, key=lambda each: (check_in_day(each), each.id)):
        if (due := next_check_in(plan, interview, now, taken)) is not None:
            taken.add(due.day)
            yield due
    if (due := next_drill(plan, now, taken | _interview_days(plan))) is not None:
        yield due


def _interview_days(plan: Plan) -> set[date]:
    return {day_of(each.starts_at, plan.clock) for each in plan.interviews}


def settle(plan: Plan, due: Due, now: datetime) -> Plan:
    """The plan after `due` was written to the outbox at `now`; the same `due` never comes again."""
    now = now.astimezone(UTC)
    plan = replace(plan, moved=tuple(each for each in plan.moved if each.slot != due.slot))
    if due.kind in _DRILLS:
        plan = drill_sent(plan, due)
    elif due.kind in _BOUND:
        plan = bound_sent(plan, due, now)
    else:
        plan = check_in_pushed(plan, due)
    return _without_lapsed(plan, now)


def before_a_tap(plan: Plan, now: datetime) -> Plan:
    """The plan with today's drill settled if a weightier message has replaced it.

    To be called before a tap that makes a message fall away (a note sent, an interview called off),
    as the drill that had given way would otherwise come late instead.
    """
    now = now.astimezone(UTC)
    days = {due.day for due in _owed(plan, now) if due.kind not in _DRILLS}
    return settle_replaced(plan, now, days | _interview_days(plan))


def _without_lapsed(plan: Plan, now: datetime) -> Plan:
    """The plan without what can never be owed again, so that it stays small."""
    moved = (each for each in plan.moved if each.lapses_at is None or each.lapses_at > now)
    kept = (each for each in plan.interviews if not _is_over(each, now))
    plan = replace(plan, interviews=tuple(kept))
    ids = {each.id for each in plan.interviews}
    left = (each for each in moved if each.interview is None or each.interview in ids)
    return replace(plan, moved=tuple(left))


def _is_over(interview: RealInterview, now: datetime) -> bool:
    """Whether an interview is a fortnight past its last message."""
    last = max(interview.ends_at.date(), interview.check_in.due_on or date.min)
    return is_quiet(interview) and last < now.date() - _FORGOTTEN_AFTER
