"""What the four rules about missing parts share."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from bot.feedback.look import Look
from bot.feedback.model import Label, Reply
from bot.feedback.rules.weighed import Weighed


class MissingPart(Weighed):
    """A rule about a part that a story lacks; `part` is what may lack."""

    part: ClassVar[Label]

    @abstractmethod
    def own_counts(self, look: Look) -> dict[str, float]:
        """What speaks for and against this fault alone."""

    def counts(self, look: Look) -> dict[str, float]:
        """The odds that each part lacks, and the own counts.

        A part is rather missing where the others are plain: a story well begun should end.
        """
        lacks = {f"no_{label.name.lower()}": odds for label, odds in look.lacks.items()}
        return lacks | self.own_counts(look)

    def judges(self, look: Look) -> bool:
        """Whether it is a story long enough, and the part was not told when asked for."""
        return super().judges(look) and not any(
            reply.part is self.part and _tells(look, reply) for reply in look.reading.asked.replies
        )


def _tells(look: Look, reply: Reply) -> bool:
    """Whether what was replied to a probe for a part is that part."""
    return any(
        label is reply.part and reply.span[0] <= clause.start < reply.span[1]
        for clause, label in zip(look.reading.clauses, look.labels, strict=True)
    )
