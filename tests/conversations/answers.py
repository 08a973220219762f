"""Answers that candidates give, each with one thing about it that any sound judgement must see."""

from __future__ import annotations

CAUSE = "hm-problem-kept-coming-back"
"""“Walk me through one problem that kept coming back until you found the real cause.”"""
BOSS = "hm-influence-changed-bosss-mind"
SITUATION = "hm-problem-two-answers"

WITHOUT_ENDING = (
    "Last spring the booking line at our clinic kept jamming every Monday, and families waited"
    " forty minutes on the phone. My manager asked me to find the real cause without new staff."
    " I timed every call for two weeks and found that half were repeat prescriptions. I moved"
    " those to a web form that I built with our IT man, and I trained the three receptionists."
)
ENDING = "By June the wait fell from 40 minutes to 8, and complaints from 9 a month to 1."
WHOLE = f"{WITHOUT_ENDING} {ENDING}"
TEAM_ONLY = (
    "Our till kept crashing every Friday last winter and the queue went out of the door. We looked"
    " into it together for some weeks. We changed the cables, we called the supplier and we wrote"
    " a new list for closing time. In the end we lost no more Fridays and the queue was gone."
)
THIN = "We had a problem with the rota and we fixed it."
SALAD = (
    "Situation, task, action, result. Leadership, ownership, stakeholder alignment, synergy,"
    " impact, KPIs, 40%, strategic, results driven, proactive, cross-functional, measurable"
    " outcomes, collaboration, innovation, excellence, quantifiable growth, problem solving."
)
HYPOTHETICAL = (
    "If a problem kept coming back I would talk to everybody first, and I would draw up a plan."
    " Then I would test it and I would ask for feedback, and I would make sure that everyone knows."
)


DETAILED = (
    f"{WITHOUT_ENDING} The first week went badly, because the form asked for a number that nobody"
    " has at hand. So I sat in the waiting room with my laptop, watched six people fill it in, and"
    " took out every field that made somebody stop. Then I rang the pharmacy across the road and"
    " agreed with their manager that they would send a list at noon. One receptionist was afraid"
    " that the form would take her job, so I asked her to write the answers that people read on it,"
    " and she has looked after that page ever since. I also put a note on the door, a card in every"
    f" bag of medicine and a line on our answering machine, so that families knew. {ENDING}"
)
"""About 210 words, all of them to the point."""


def rambling(words: int) -> str:
    """An answer of about so many words that never gets to the end."""
    filler = "Then there was another call about the same list and I wrote that one down as well."
    return " ".join([WITHOUT_ENDING, *[filler] * (words // 16)])
