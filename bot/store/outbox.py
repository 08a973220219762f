"""The outbox as delivery sees it: lines are claimed in order per chat, and settled.

Law 1: a line is in the outbox until Telegram has it, and leaves in the transaction that says so.
So nothing is pruned here: what is sent, given up or taken back is gone at once.
Law 2: of one chat, one line at a time is on its way, the oldest first among those whose time has
come; a line whose time is only seconds away holds back what was written after it, so that a pause
between two bubbles lets nothing slip in. Each chat has a row in `lanes` that says when delivery
may look at it; claiming moves that time to the end of a lease, so a claim whose holder died comes
back by itself.
Law 3: the bot's pace is one, however many replicas deliver (see pace.py).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from secrets import token_hex

import sqlalchemy as sa

from bot.store import pace as paces
from bot.store.claiming import claim_lanes, heads, is_due, put_right, renew, soonest
from bot.store.engine import Run
from bot.store.pace import Room, Spent
from bot.store.records import Claim, Pace, Priority, StoreAway
from bot.store.settling import Landed, Settled, let_go, settle
from bot.store.tables import lanes, outbox
from bot.store.together import Raised, Together

LEASE = timedelta(minutes=2)
LOOK_AGAIN = timedelta(seconds=2)  # at the latest, for what other replicas leave behind
RENEW = timedelta(seconds=2)  # a claim that is out for longer has its lease renewed
LOCKED = timedelta(milliseconds=50)
TOGETHER = 64  # calls that are settled in one go

_FREE_ALL = (
    sa.update(lanes).where(lanes.c.owner.is_not(None)).values(owner=None, at=lanes.c.not_until)
)

_OWES = sa.exists().where(
    outbox.c.candidate_id == lanes.c.candidate_id,
    is_due(sa.bindparam("by", type_=lanes.c.at.type)),
)
# A walk along an index that ends at the first chat found, as `claim` does; a join with all lines
# takes longer the more of them wait.
_OWED = sa.select(
    *(
        sa.select(lanes.c.at)
        .where(lanes.c.priority == sa.literal_column(str(int(each))), lanes.c.at.is_not(None))
        .where(_OWES)
        .order_by(lanes.c.at)
        .limit(sa.literal_column("1"))
        .scalar_subquery()
        for each in Priority
    )
)


class Outbox:
    """The side of the outbox that delivery sees. All of a method is kept, or nothing."""

    def __init__(self, run: Run, *, shared: bool) -> None:
        self._run = run
        self._shared = shared
        self._owner = token_hex(4)
        self._spent = Spent()
        self._out: dict[int, tuple[int, datetime]] = {}  # epochs, and when last renewed
        self._looked_at: datetime | None = None
        self._landing = Together(self._settle_all, TOGETHER)
        self.changed = asyncio.Event()

    async def claim(
        self, now: datetime, limit: int, *, pace: Pace | None = None, lease: timedelta = LEASE
    ) -> tuple[list[Claim], datetime | None]:
        """Take the next line of up to `limit` chats that are due, replies before the rest.

        With a `pace`, no more are taken than all replicas together may send now. Claims that are
        still out are kept, however far the clock has jumped since: `lease` need only be longer
        than the pause until the next call of this, which comes `RENEW` later at the latest. Also
        says when to look again, unless a commit comes first; None when nothing waits and nothing
        is out.
        """
        old = self._out_for_long(now)
        if limit <= 0 and not old:
            return [], now + RENEW
        if self._looked_at is not None and now < self._looked_at - RENEW:
            await self._run(partial(put_right, now=now, before=self._looked_at))
        self._looked_at = now

        def job(connection: sa.Connection) -> tuple[list[Claim], datetime | None, Spent]:
            renew(connection, old, now + lease)
            spent = self._spent
            if pace is not None and self._shared:
                spent = paces.read(connection)
            room = Room.without_limit(now, limit) if pace is None else paces.room(spent, pace, now)
            held = claim_lanes(connection, now, limit, room, owner=self._owner, until=now + lease)
            claims = heads(connection, held, now) if held else []
            idle = held.keys() - {claim.chat_id for claim in claims}
            let_go(connection, [held[chat_id] for chat_id in idle], now)
            if pace is not None and claims:
                made = [Priority(held[claim.chat_id].priority) for claim in claims]
                spent = paces.spend(spent, made, now)
                room = paces.room(spent, pace, now)
                if self._shared:
                    paces.write_calls(connection, spent)
            return claims, soonest(connection, room), spent

        claims, next_at, spent = await self._run(job)
        self._spent = Spent(spent.calls, self._spent.quiet_until)
        for chat_id, epoch in old:
            if self._out.get(chat_id, (None,))[0] == epoch:
                self._out[chat_id] = (epoch, now)
        self._out |= {claim.chat_id: (claim.epoch, now) for claim in claims}
        return claims, self._look_again(now, next_at, full=len(claims) >= limit)

    def _out_for_long(self, now: datetime) -> list[tuple[int, int]]:
        """The claims whose leases must be renewed, as chats and epochs."""
        return [(chat, epoch) for chat, (epoch, at) in self._out.items() if abs(now - at) >= RENEW]

    def _look_again(
        self, now: datetime, next_at: datetime | None, *, full: bool
    ) -> datetime | None:
        """`next_at`, or earlier where other replicas write lines too and may die with a claim.

        A lane that is due and was yet not taken is locked, by a turn that ends in a moment.
        """
        if self._out:
            next_at = min(next_at or now + RENEW, now + RENEW)
        if not self._shared:
            return next_at
        next_at = min(next_at or now + LOOK_AGAIN, now + LOOK_AGAIN)
        return next_at if full else max(next_at, now + LOCKED)

    async def keep_quiet(self, until: datetime) -> None:
        """Have no replica claim anything at a pace before `until`; Telegram said so."""
        if self._shared:
            await self._run(partial(paces.keep_quiet, until=until))
        else:
            self._spent = paces.quiet(self._spent, until)

    async def owed_at(self, moment: datetime) -> datetime | None:
        """When the next chat with a line meant for `moment` or earlier is due; None if none is."""
        row = await self._run(lambda connection: connection.execute(_OWED, {"by": moment}).one())
        return min((at for at in row if at is not None), default=None)

    async def done(
        self, claim: Claim, now: datetime, not_until: datetime, message_id: int | None = None
    ) -> datetime | None:
        """The line needs no more sending. `message_id` is given when it put up a new message.

        Returns when the chat's next line goes out if that is a message only pausing for effect.
        """
        landed = Landed(claim, now, not_until, sent=True, message_id=message_id)
        return (await self._settle(landed)).pause_until

    async def give_up(self, claim: Claim, now: datetime, traceback_text: str) -> str | None:
        """The line is never sent, and kept as a failure; returns the reference of that.

        None, and nothing is kept, when the line was taken back while it was on its way: its
        candidate may have asked to be forgotten.
        """
        landed = Landed(claim, now, claim.not_until, why=traceback_text)
        return (await self._settle(landed)).reference

    async def postpone(
        self, claim: Claim, now: datetime, not_until: datetime, *, tried: bool
    ) -> None:
        """The line was not sent; the chat may try again at `not_until`.

        `tried` says whether that may have been the line's own fault, and counts as a try.
        """
        await self._settle(Landed(claim, now, not_until, tried=tried))

    async def block(self, claim: Claim, now: datetime) -> None:
        """The candidate has blocked the bot: drop what waits, write no more until they return.

        A line written while the claim was out may answer a candidate who is back: it is tried,
        and if they are not, that says so. Does nothing when the lease was lost.
        """
        await self._settle(Landed(claim, now, claim.not_until, blocked=True))

    def lapse(self, claim: Claim) -> None:
        """Nobody here works on the claim any more: unless it is settled, its lease runs out."""
        if self._out.get(claim.chat_id, (None,))[0] == claim.epoch:
            del self._out[claim.chat_id]

    async def _settle(self, landed: Landed) -> Settled:
        """Settle a call, in one go with whatever else has landed."""
        settled = await self._landing.add(landed)  # until that succeeds it is still ours
        self.lapse(landed.claim)
        return settled

    async def _settle_all(self, landed: Sequence[Landed]) -> list[Settled | Raised]:
        """Settle in one go, or one by one if that fails for what is wrong with one of them."""
        chats = {each.claim.chat_id for each in landed}
        if len(chats) == len(landed):
            try:
                return list(await self._run(partial(settle, landed=landed)))
            except StoreAway:
                raise
            except Exception as error:
                if len(landed) == 1:
                    return [Raised(error)]
        return [each for one in landed for each in await self._settle_one(one)]

    async def _settle_one(self, landed: Landed) -> list[Settled | Raised]:
        try:
            return await self._settle_all([landed])
        except StoreAway as error:
            return [Raised(error)]


def free_all(connection: sa.Connection) -> None:
    """Let go of claims that a process left behind when it died; for when no other one runs."""
    connection.execute(_FREE_ALL)
