"""The clockwork as a whole: a diary, and laws that hold whatever a candidate does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.practice.appointments import AFTER, BEFORE, call_off, enter, put_off
from bot.practice.drills import answered, choose_drills, later_today, move_to, this_week
from bot.practice.due import Turn, before_a_tap, next_due, settle, tick, wakes_at
from bot.practice.follow_up import check_in_sent, debriefed, heard_back, thank_you_sent
from bot.practice.model import Due, Kind, NoSuchInterview, Plan, RealInterview, decode, encode
from bot.practice.wall_time import day_of, minute_of
from tests.practice.clocks import DAY, HOUR, MINUTE, there

LONDON = "Europe/London"
BOUND = (*BEFORE, *AFTER)


@dataclass
class Life:
    """One candidate and the ticks of the bot; every message goes through storage, as it will."""

    zone: str
    now: datetime
    plan: Plan = field(init=False)
    wakes_at: datetime | None = None
    pushed: list[tuple[datetime, Due, Plan]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plan = Plan(self.zone)

    def becomes(self, plan: Plan) -> None:
        """What a tap has led to is stored."""
        self.plan = decode(encode(plan))
        self.wakes_at = wakes_at(plan, self.now)

    def lives_until(self, end: datetime) -> Iterator[Due]:
        """The messages that come until then."""
        while self.wakes_at is not None and self.wakes_at <= end:
            self.now = max(self.now, self.wakes_at)
            turn = tick(self.plan, self.now)
            self.plan, self.wakes_at = decode(encode(turn.plan)), turn.wakes_at
            if turn.due is not None:
                self.pushed.append((self.now, turn.due, self.plan))
                yield turn.due
        self.now = max(self.now, end)


def diary(life: Life, end: datetime) -> list[str]:
    return [
        f"{life.now.astimezone(life.plan.clock):%a %d %b %H:%M} {due.kind.replace('_', ' ')}"
        for due in life.lives_until(end)
    ]


def london(text: str) -> datetime:
    return there(f"2026-{text}", LONDON)


def test_a_diary_from_the_first_drill_to_the_answer() -> None:
    life = Life(LONDON, london("12-02 12:00"))
    life.becomes(choose_drills(life.plan, life.now, 8 * 60 + 30))
    for day in ("12-03", "12-04"):
        assert diary(life, london(f"{day} 08:31"))
        life.becomes(answered(life.plan, life.now))
    life.now = london("12-04 17:00")
    life.becomes(enter(life.plan, 1, date(2026, 12, 10), 9 * 60, life.now))
    assert diary(life, london("12-07 08:31")) == []  # Monday belongs to "three days before"
    assert diary(life, london("12-07 09:31")) == ["Mon 07 Dec 09:00 three days before"]
    assert diary(life, london("12-08 08:31")) == ["Tue 08 Dec 08:30 drill"]
    life.becomes(answered(life.plan, life.now))
    assert diary(life, london("12-10 12:30")) == [
        "Wed 09 Dec 18:30 evening before",
        "Thu 10 Dec 08:00 two hours before",
        "Thu 10 Dec 12:00 debrief",
    ]
    week = this_week(life.plan, life.now)
    assert week is not None
    assert (week.answered, week.frozen, week.kept) == (1, True, True)
    life.becomes(debriefed(life.plan, 1, ("Priya", "Dana"), date(2026, 12, 15)))
    life.becomes(thank_you_sent(life.plan, 1, "Priya"))
    (nudge,) = life.lives_until(london("12-11 12:00"))
    assert (nudge.kind, nudge.people) == (Kind.THANK_YOU, ("Dana",))
    life.becomes(thank_you_sent(before_a_tap(life.plan, life.now), 1, "Dana"))
    assert diary(life, london("12-15 23:00")) == [
        "Mon 14 Dec 08:30 drill",
        "Tue 15 Dec 08:30 drill",
    ]
    life.becomes(answered(life.plan, life.now))
    assert diary(life, london("12-16 12:00")) == ["Wed 16 Dec 10:00 check in"]
    life.becomes(check_in_sent(life.plan, 1, life.now))
    life.becomes(heard_back(life.plan, 1))
    assert diary(life, london("12-18 12:00")) == [
        "Thu 17 Dec 08:30 drill",
        "Fri 18 Dec 08:30 drill",
    ]


def test_a_drill_that_gave_way_stays_away_when_the_weightier_message_falls_away() -> None:
    life = Life(LONDON, london("12-02 12:00"))
    life.becomes(choose_drills(life.plan, life.now, 8 * 60 + 30))
    life.becomes(enter(life.plan, 1, date(2026, 12, 10), 12 * 60, life.now))
    list(life.lives_until(london("12-10 16:00")))
    life.becomes(answered(debriefed(life.plan, 1, ("Priya",)), life.now))
    assert diary(life, london("12-11 08:45")) == []
    life.becomes(thank_you_sent(before_a_tap(life.plan, life.now), 1, "Priya"))
    assert diary(life, london("12-14 09:00")) == ["Mon 14 Dec 08:30 drill"]


def test_a_message_put_off_takes_its_new_day_from_the_drill() -> None:
    now = london("12-02 12:00")
    plan = choose_drills(Plan(LONDON), now, 8 * 60 + 30)
    plan = enter(plan, 1, date(2026, 12, 10), 12 * 60, now)
    put = put_off(plan, 1, Kind.THREE_DAYS_BEFORE, london("12-08 17:00"))
    assert put is not None
    dues = [(due.kind, due.day.day) for due in taken(put, london("12-07 08:00"), 2)]
    assert dues == [(Kind.DRILL, 7), (Kind.THREE_DAYS_BEFORE, 8)]


def test_a_check_in_waits_for_a_working_day_without_an_interview_message() -> None:
    now = london("12-01 12:00")
    plan = debriefed(enter(Plan(LONDON), 1, date(2026, 12, 2), 900, now), 1, (), date(2026, 12, 9))
    plan = enter(plan, 2, date(2026, 12, 11), 15 * 60, now)
    dues = [due for due in taken(plan, london("12-10 06:00"), 9) if due.kind is Kind.CHECK_IN]
    assert (dues[0].interview, dues[0].day) == (1, date(2026, 12, 14))


def test_the_day_of_an_interview_has_no_drill_even_if_its_messages_are_done_with() -> None:
    now = london("12-09 20:00")
    plan = choose_drills(Plan(LONDON), now, 13 * 60)
    plan = enter(plan, 1, date(2026, 12, 10), 7 * 60, now)
    due = next_due(plan, london("12-10 12:50"))
    assert due is not None
    assert (due.kind, settle(plan, due, due.at).last_push) == (Kind.DEBRIEF, date(2026, 12, 10))
    plan = debriefed(plan, 1, ())
    assert [due.kind for due in taken(plan, london("12-10 12:00"), 1)] == [Kind.DRILL]
    assert next(iter(taken(plan, london("12-10 12:00"), 1))).day == date(2026, 12, 11)


def taken(plan: Plan, now: datetime, count: int) -> Iterator[Due]:
    for _ in range(count):
        if (due := next_due(plan, now)) is None:
            return
        yield due
        plan, now = settle(plan, due, due.at), due.at


def test_two_check_ins_never_come_on_one_day() -> None:
    now = london("12-01 12:00")
    plan = Plan(LONDON)
    for id_ in (1, 2, 3):
        plan = enter(plan, id_, date(2026, 12, 1), 6 * 60 + id_, now)
    dues = [due for due in taken(plan, london("12-09 12:00"), 9) if due.kind is Kind.CHECK_IN]
    assert [(due.interview, due.day.day) for due in dues] == [(1, 9), (2, 10), (3, 11)]


def test_two_interviews_on_a_day_each_bring_their_own() -> None:
    now = london("12-01 12:00")
    plan = enter(Plan(LONDON), 1, date(2026, 12, 10), 10 * 60, now)
    plan = enter(plan, 2, date(2026, 12, 10), 15 * 60, now)
    life = Life(LONDON, now)
    life.becomes(plan)
    list(life.lives_until(london("12-11 23:00")))
    for id_ in (1, 2):
        kinds = [due.kind for _, due, _ in life.pushed if due.interview == id_]
        assert sorted(kinds) == sorted(BOUND)


def test_a_plan_that_owes_nothing_is_never_woken() -> None:
    now = london("12-01 12:00")
    assert tick(Plan(LONDON), now) == Turn(None, Plan(LONDON), None)


def test_a_tick_before_the_hour_changes_nothing() -> None:
    now = london("12-01 12:00")
    plan = choose_drills(Plan(LONDON), now, 8 * 60 + 30)
    assert tick(plan, now) == Turn(None, plan, london("12-02 08:30"))


def test_an_interview_is_forgotten_a_fortnight_after_its_last_word() -> None:
    life = Life(LONDON, london("11-02 12:00"))
    life.becomes(choose_drills(life.plan, life.now, 8 * 60 + 30))
    life.becomes(enter(life.plan, 1, date(2026, 11, 4), 12 * 60, life.now))
    life.becomes(put_off(life.plan, 1, Kind.DEBRIEF, london("11-05 12:00")) or life.plan)
    for until in ("11-20 12:00", "12-20 12:00"):
        for due in life.lives_until(london(until)):
            if due.kind is Kind.DRILL:
                life.becomes(answered(life.plan, life.now))
        if until == "11-20 12:00":
            assert life.plan.interviews
    assert life.plan.interviews == ()
    assert len(encode(life.plan)) < 200


PLACES = ("Europe/London", "Asia/Tokyo", "America/Los_Angeles", "Africa/Cairo", "Pacific/Apia")
acts = st.sampled_from(
    ["enter", "move", "call off", "debrief", "sent", "fly", "answer", "later", "put off", "heard"]
)


def act(life: Life, what: str, number: int) -> None:
    """One tap, on whatever is there to be tapped."""
    now = life.now
    plan = before_a_tap(life.plan, now)
    id_ = number % 2 + 1
    day = day_of(now, plan.clock) + (number % 6) * DAY
    try:
        match what:
            case "enter" | "move":
                plan = enter(plan, id_, day, number * 53 % 1440, now)
            case "call off":
                plan = call_off(plan, id_)
            case "debrief":
                plan = debriefed(plan, id_, ("Priya", "Dana"), day if number % 3 else None)
            case "sent":
                plan = check_in_sent(thank_you_sent(plan, id_, "Priya"), id_, now)
            case "fly":
                plan = move_to(plan, PLACES[number % len(PLACES)], now)
            case "answer":
                plan = answered(plan, now)
            case "later":
                drill = plan.drill.open_on if plan.drill else None
                plan = (drill and later_today(plan, drill, now)) or plan
            case "put off":
                plan = put_off(plan, id_, BOUND[number % 5], now + 2 * HOUR) or plan
            case "heard":
                plan = heard_back(plan, id_)
    except NoSuchInterview:
        return
    life.becomes(plan)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(480, 1289),
    st.lists(
        st.tuples(st.integers(0, 40 * 60), acts, st.integers(0, 1000), st.booleans()), max_size=14
    ),
)
def test_whatever_happens_no_push_is_doubled_late_or_in_the_night(minute, events) -> None:
    life = Life(LONDON, london("10-22 03:00"))  # three days before the clocks go back
    life.becomes(choose_drills(life.plan, life.now, minute, tuple(range(7))))
    for wait, what, number, down in events:
        if down:
            life.now += wait * MINUTE
        else:
            list(life.lives_until(life.now + wait * MINUTE))
        act(life, what, number)
    list(life.lives_until(life.now + 20 * DAY))
    slots = [due.slot for _, due, _ in life.pushed]
    assert len(slots) == len(set(slots))
    for now, due, plan in life.pushed:
        assert due.at == now
        assert minute_of(now, plan.clock) not in plan.quiet
        assert due.lapses_at is None or now <= due.lapses_at
    assert_one_unasked_a_day(life)


def assert_one_unasked_a_day(life: Life) -> None:
    """Of drills, offers and check-ins one a day; none after a message of an interview."""
    days: list[date] = []
    for now, due, plan in life.pushed:
        if due.kind in BOUND:
            days.append(day_of(now, plan.clock))
        elif due.kind is not Kind.DRILL or due.slot == f"drill:{due.day}":  # not one asked for
            assert due.day not in days
            days.append(due.day)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 20 * 24 * 60), st.integers(0, 72 * 60), st.integers(0, 30))
def test_after_any_downtime_there_is_no_backlog_and_a_clock_set_back_doubles_nothing(
    down_at, minutes, back
) -> None:
    life = Life(LONDON, london("11-30 12:00"))
    life.becomes(choose_drills(life.plan, life.now, 8 * 60 + 30))
    life.becomes(enter(life.plan, 1, date(2026, 12, 10), 11 * 60, life.now))
    list(life.lives_until(life.now + down_at * MINUTE))
    known = {due.slot for _, due, _ in life.pushed}
    life.now += minutes * MINUTE
    before = len(life.pushed)
    list(life.lives_until(life.now))
    assert len(life.pushed) - before <= 1
    life.now -= back * HOUR
    life.becomes(life.plan)
    list(life.lives_until(life.now + 30 * DAY))
    slots = [due.slot for _, due, _ in life.pushed]
    assert known <= set(slots)
    assert len(slots) == len(set(slots))


@pytest.mark.parametrize("broken", [{"minute": 1440}, {"length": 0}, {"zone": "Moon/Sea"}])
def test_an_interview_at_no_time_or_place_is_refused(broken: dict[str, object]) -> None:
    sound = RealInterview(1, date(2026, 12, 10), 600, LONDON, london("12-01 12:00"))
    with pytest.raises(ValueError, match=r"minute|Moon"):
        replace(sound, **broken)  # type: ignore[arg-type]
