"""When drills come: the time of day, the weekdays, the goal, quiet hours, a pause, the clock."""

from __future__ import annotations

from datetime import date, timedelta

from bot.chat import forms, places
from bot.chat.agenda import Agenda, agenda_of, keep
from bot.chat.buttons import Row, parse_numbers
from bot.chat.stages import FILLING, NEW, READY
from bot.chat.visit import Visit
from bot.practice import drills
from bot.practice.due import before_a_tap
from bot.practice.model import UNTIL_TOLD, DrillPlan, InsideQuietHours, Plan
from bot.practice.times_of_day import read_time
from bot.practice.wall_time import DAY_MINUTES, QuietHours, day_of

FORM = "t"
TIMES = (8 * 60 + 30, 12 * 60 + 30, 17 * 60 + 30, 19 * 60, 20 * 60 + 30)
QUIETS = ((21, 30, 8, 0), (22, 30, 7, 0), (23, 30, 6, 30), (9, 0, 16, 0))
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKDAYS = (0, 1, 2, 3, 4)
_TIME = "time"  # the step of the form at which a time may be typed
_WEEK = timedelta(days=7)


async def on_text(visit: Visit, agenda: Agenda, text: str) -> None:
    """Words for the form: a place or a time, whichever was asked for."""
    if agenda.notes["form"]["step"] == forms.ZONE:
        await places.on_text(visit, agenda, text)
    elif (read := read_time(text)) is None:
        visit.phrase("time_unclear")
    else:
        await _choose(visit, agenda, read.hour * 60 + read.minute)


async def on_location(visit: Visit, latitude: float, longitude: float) -> bool:
    """A shared place: whose clock it has, if that was asked or nothing else is going on."""
    going_on = await visit.turn.current_interview() is not None
    if visit.candidate.stage != FILLING and (visit.candidate.stage != READY or going_on):
        return False
    await places.on_location(visit, latitude, longitude, FORM)
    return True


async def on_tap(visit: Visit, parts: list[str]) -> None:
    """`t:show`, `t:begin`, `t:time:1140`, `t:day:5:1`, `t:goal:3`, `t:quiet:1290:480` and so on."""
    if visit.candidate.stage == NEW:
        visit.buttons()
        visit.toast = visit.wording.phrase("nothing_stored")
        return
    verb, rest = parts[0], parts[1:]
    if verb not in {"zone", "time", "begin"}:
        await forms.leave(visit)
    agenda = await agenda_of(visit)
    numbers = parse_numbers(rest, len(rest)) or ()
    match verb, len(rest):
        case "begin", 0:
            await _begin(visit, agenda)
        case "show", 0:
            show(visit, agenda)
        case "time", 0:
            await _ask_time(visit, agenda, in_place=True)
        case "time", 1 if numbers and numbers[0] < DAY_MINUTES:
            await _choose(visit, agenda, numbers[0])
        case "place", 0:
            await places.ask(visit, agenda, FORM)
        case "zone", _ if rest:
            await _on_zone(visit, agenda, rest)
        case _:
            await _change(visit, agenda, verb, rest, numbers)


async def _begin(visit: Visit, agenda: Agenda) -> None:
    """The first choice of a time, from a message that stays as it is."""
    if (form := agenda.notes.get("form")) and form["form"] == FORM:
        visit.toast = visit.wording.phrase("toast_done_already")
    elif agenda.plan.drill is not None:
        show(visit, agenda, in_place=False)
    else:
        await _ask_time(visit, agenda, in_place=False)


async def _ask_time(visit: Visit, agenda: Agenda, *, in_place: bool) -> None:
    await forms.ask(visit, agenda, FORM, _TIME)
    times = [(clock(each), f"t:time:{each}") for each in TIMES if each not in agenda.plan.quiet]
    rows: list[Row] = [tuple(times[at : at + 3]) for at in range(0, len(times), 3)]
    (visit.edit if in_place else visit.say)("drill_time", rows, when="")


async def _choose(visit: Visit, agenda: Agenda, minute: int) -> None:
    """Take a time, and ask for the clock it is meant by where that is not known yet."""
    if minute in agenda.plan.quiet:
        _say_quiet(visit, agenda, minute)
        return
    if visit.tapped is not None:
        visit.edit("drill_time", when=clock(minute))
    if agenda.knows_zone:
        await _start(visit, agenda, minute)
    else:
        await places.ask(visit, agenda, FORM, minute=minute)


def _say_quiet(visit: Visit, agenda: Agenda, minute: int) -> None:
    """The time lies in quiet hours: the same half a day later, perhaps, or other quiet hours."""
    other = (minute + DAY_MINUTES // 2) % DAY_MINUTES
    row: Row = (visit.button("change_quiet", "t:quiet"),)
    if other not in agenda.plan.quiet:
        row = ((clock(other), f"t:time:{other}"), *row)
    quiet = in_hours(agenda.plan.quiet)
    visit.phrase("time_quiet", [row], time=clock(minute), when=quiet)


async def _on_zone(visit: Visit, agenda: Agenda, rest: list[str]) -> None:
    """An answer about the place; once it is settled, on with what it was asked for."""
    if not await places.on_tap(visit, agenda, rest):
        return
    minute = agenda.notes["form"]["draft"].get("minute")
    if minute is not None:
        await _start(visit, agenda, minute)
    else:
        await forms.done(visit, agenda)
        show(visit, agenda, in_place=False)


async def _start(visit: Visit, agenda: Agenda, minute: int) -> None:
    """Drills at this minute from now on; says when the first one comes."""
    plan = before_a_tap(agenda.plan, visit.at)
    days = (plan.drill.weekdays if plan.drill else ()) or _WEEKDAYS
    agenda.plan = drills.choose_drills(plan, visit.at, minute, days)
    await forms.done(visit, agenda)
    await visit.save(preferences={**visit.candidate.preferences, "drills_offered": True})
    rows: list[Row] = [(visit.button("change_days", "t:days"), visit.button("drill_now", "d:ask"))]
    visit.say("drills_set", rows, when=in_words(visit, agenda), first=_first(visit, agenda.plan))


def _first(visit: Visit, plan: Plan) -> str:
    """The day of the next drill in words: "today", "tomorrow", "on Monday"."""
    due = drills.next_drill(plan, visit.at)
    if due is None:
        return ""
    days = (due.day - day_of(visit.at, plan.clock)).days
    return {0: "today", 1: "tomorrow"}.get(days, f"on {due.day:%A}")


async def _change(
    visit: Visit, agenda: Agenda, verb: str, rest: list[str], numbers: tuple[int, ...]
) -> None:
    """Screens and changes of drills that are set up, and of the quiet hours."""
    plan = before_a_tap(agenda.plan, visit.at)
    if verb != "quiet" and plan.drill is None:
        visit.toast = visit.wording.phrase("toast_old")
        return
    try:
        match verb, numbers:
            case (("days" | "goal" | "quiet" | "pause"), ()) if not rest:
                _SCREENS[verb](visit, agenda)
                return
            case "day", (day, wanted) if day < 7 and wanted < 2 and plan.drill:
                changed = _with_day(visit, plan, plan.drill, day, wanted=bool(wanted))
            case "goal", (goal,) if 1 <= goal <= 7:
                changed = drills.choose_weekly_goal(plan, goal)
            case "quiet", (start, end) if max(start, end) < DAY_MINUTES:
                changed = drills.choose_quiet_hours(plan, QuietHours(start, end))
            case "pause", (weeks,) if weeks < 2:
                until = day_of(visit.at, plan.clock) + _WEEK if weeks else UNTIL_TOLD
                changed = drills.pause(plan, until)
            case "resume", () if not rest:
                changed = drills.resume(plan, visit.at)
            case _:
                visit.toast = visit.wording.phrase("toast_old")
                return
    except InsideQuietHours:
        visit.toast = visit.wording.phrase("toast_quiet_covers")
        return
    agenda.plan = changed
    await keep(visit, agenda)
    if verb == "day":
        _days_screen(visit, agenda)
    else:
        visit.toast = visit.wording.phrase("toast_saved")
        show(visit, agenda)


def _with_day(visit: Visit, plan: Plan, drill: DrillPlan, day: int, *, wanted: bool) -> Plan:
    """The plan with this weekday chosen or not; one stays, and a pause goes on."""
    days = set(drill.weekdays) | {day} if wanted else set(drill.weekdays) - {day}
    if not days:
        visit.toast = visit.wording.phrase("toast_one_day")
        return plan
    changed = drills.choose_drills(plan, visit.at, drill.minute, tuple(days))
    today = day_of(visit.at, plan.clock)
    return drills.pause(changed, drill.off_until) if drill.off_until > today else changed


# Screens


def show(visit: Visit, agenda: Agenda, *, in_place: bool = True) -> None:
    """All about drills on one screen, with a button for each thing that can be changed."""
    drill = agenda.plan.drill
    rows: list[Row] = []
    if drill is None:
        rows.append((visit.button("drills_begin", "t:time"),))
    else:
        rows.append((visit.button("change_time", "t:time"), visit.button("change_days", "t:days")))
        off = ("drills_resume", "t:resume") if _is_off(visit, agenda) else ("pause", "t:pause")
        rows.append((visit.button("change_goal", "t:goal"), visit.button(*off)))
    rows.append((visit.button("change_place", "t:place"), visit.button("change_quiet", "t:quiet")))
    rows.append((visit.button("back", "s:show"),))
    (visit.edit if in_place else visit.say)(
        "drills",
        rows,
        when=in_words(visit, agenda) if drill else "",
        goal=drill.weekly_goal if drill else 0,
        week=drills.this_week(agenda.plan, visit.at),
        quiet=in_hours(agenda.plan.quiet),
        here=places.here(visit, agenda) if agenda.knows_zone else "",
    )


def _days_screen(visit: Visit, agenda: Agenda) -> None:
    """A button says what it would make of its day, so that tapping it twice does so once."""
    drill = agenda.plan.drill
    chosen = drill.weekdays if drill else ()
    days = [
        (f"✓ {name}" if day in chosen else name, f"t:day:{day}:{int(day not in chosen)}")
        for day, name in enumerate(DAYS)
    ]
    back = visit.button("back", "t:show")
    visit.edit("drill_days", [tuple(days[:4]), tuple(days[4:]), (back,)])


def _goal_screen(visit: Visit, agenda: Agenda) -> None:
    goals = tuple((str(goal), f"t:goal:{goal}") for goal in range(1, 8))
    visit.edit("drill_goal", [goals, (visit.button("back", "t:show"),)])


def _quiet_screen(visit: Visit, agenda: Agenda) -> None:
    hours = [QuietHours(a * 60 + b, c * 60 + d) for a, b, c, d in QUIETS]
    rows: list[Row] = [((in_hours(each), f"t:quiet:{each.start}:{each.end}"),) for each in hours]
    rows.append((visit.button("no_quiet", "t:quiet:0:0"),))
    rows.append((visit.button("back", "t:show"),))
    visit.edit("quiet_hours", rows)


def _pause_screen(visit: Visit, agenda: Agenda) -> None:
    rows: list[Row] = [
        (visit.button("pause_week", "t:pause:1"), visit.button("pause_open", "t:pause:0")),
        (visit.button("back", "t:show"),),
    ]
    visit.edit("drill_pause", rows)


_SCREENS = {
    "days": _days_screen,
    "goal": _goal_screen,
    "quiet": _quiet_screen,
    "pause": _pause_screen,
}


# In words


def in_words(visit: Visit, agenda: Agenda) -> str:
    """When drills come: "Mon to Fri, 19:00; paused until 30 November", or that they do not."""
    drill = agenda.plan.drill
    if drill is None:
        return visit.wording.phrase("drills_none")
    when = f"{days_in_words(drill.weekdays)}, {clock(drill.minute)}"
    if drill.off_until == UNTIL_TOLD:
        return f"{when}; {visit.wording.phrase('drills_paused')}"
    if drill.off_until > day_of(visit.at, agenda.plan.clock):
        until = visit.wording.phrase("drills_paused_until", when=_date(drill.off_until))
        return f"{when}; {until}"
    return f"{when}; {visit.wording.phrase('drills_resting')}" if drill.resting else when


def _is_off(visit: Visit, agenda: Agenda) -> bool:
    drill = agenda.plan.drill
    today = day_of(visit.at, agenda.plan.clock)
    return drill is not None and (drill.resting or drill.off_until > today)


def days_in_words(days: tuple[int, ...]) -> str:
    """Weekdays as people say them: "Every day", "Mon to Fri", "Mon, Wed, Fri"."""
    if len(days) == len(DAYS):
        return "Every day"
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{DAYS[days[0]]} to {DAYS[days[-1]]}"
    return ", ".join(DAYS[day] for day in days)


def clock(minute: int) -> str:
    """A minute of the day as a clock shows it: "19:05"."""
    return f"{minute // 60:02}:{minute % 60:02}"


def in_hours(quiet: QuietHours) -> str:
    """Quiet hours: "21:30 to 08:00", or "none"."""
    return "none" if quiet.start == quiet.end else f"{clock(quiet.start)} to {clock(quiet.end)}"


def _date(day: date) -> str:
    return f"{day.day} {day:%B}"
