"""A diary: from the invitation to a second interview to the answer, over three weeks."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.conversations.stage import Candidate


async def lives_until(candidate: Candidate, when: str) -> None:
    """Let time pass until a wall time in Lagos (UTC+1)."""
    then = datetime.strptime(f"2026-{when} +0100", "%Y-%m-%d %H:%M %z").astimezone(UTC)
    await candidate.waits((then - candidate.clock.now()).total_seconds())

def show(c):
    for b in c.screen()[getattr(c,'_n',0):]:
        print(('>>> ' if b.mine else '') + b.text)
        for row in b.buttons: print('    ', ' | '.join(f'[{x.text}]' for x in row))
        if b.file: print('    FILE', b.file.name)
        print('-----')
    c._n = len(c.screen())

async def test_x(candidate: Candidate) -> None:
    await candidate.arrives()
    await candidate.sends("/interview")
    await candidate.sends("Harlow")
    await candidate.sends("Lagos")
    await candidate.taps("Yes, that's it")
    await candidate.sends("next Thursday 3pm for 45 min")
    show(candidate)
    await candidate.taps("15:00")
    show(candidate)
    await candidate.taps("Who I'll meet")
    await candidate.sends("Ana Ruiz, head of ops; Tom (engineer)")
    await candidate.taps("Calendar file")
    show(candidate)
    for t in ("11-30 15:00","11-30 15:01","12-02 18:29","12-02 18:30","12-03 13:00", "12-03 17:45"):
        await lives_until(candidate, t)
        print('##', t)
    show(candidate)
    await candidate.taps("Well")
    await candidate.taps("Somebody else")
    await candidate.sends("Priya")
    await candidate.taps("☑ Tom")
    await candidate.taps("That's everyone")
    await candidate.sends("She said the pager rota is the hardest part")
    await candidate.taps("Nothing comes to mind")
    await candidate.sends("the link to my talk.")
    await candidate.sends("end of next week")
    show(candidate)
    await candidate.taps("Another wording")
    await candidate.taps("I've sent it")
    show(candidate)
    for t in ("12-04 11:45",): 
        await lives_until(candidate, t); print('##',t)
    show(candidate)
    await candidate.taps("All sent")
    show(candidate)
    for t in ("12-14 10:00",):
        await lives_until(candidate, t); print('##',t)
    show(candidate)
    await candidate.taps("Why so quiet")
    await candidate.taps("Draft me")
    await candidate.taps("I've sent it")
    show(candidate)
    for t in ("12-21 10:00",):
        await lives_until(candidate, t); print('##',t)
    await candidate.taps("Draft me")
    await candidate.sends("/interview")
    await candidate.taps("They've answered")
    await candidate.taps("Another round")
    await candidate.taps("Enter it")
    show(candidate)
    await candidate.sends("22.12. 9:30")
    await candidate.taps("Yes, that")
    show(candidate)
    assert 0
