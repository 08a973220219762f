"""What a message means when it is no answer: a question back, a refusal, a blank, no words.

Only whole short messages count, so that an answer that happens to contain "can you repeat that"
stays an answer. A false alarm would swallow somebody's words; a miss costs one tap.
"""

from __future__ import annotations

import re
from enum import StrEnum

from bot.feedback import Channel


class Meaning(StrEnum):
    """What a message wants of the interviewer."""

    ANSWER = "answer"
    REPEAT = "repeat"
    REPHRASE = "rephrase"
    DECLINE = "decline"
    SKIP = "skip"
    STUCK = "stuck"
    DONE = "done"
    STOP = "stop"
    YES = "yes"
    NO = "no"
    WAIT = "wait"
    GREETING = "greeting"
    NOTED = "noted"
    WORDLESS = "wordless"
    FOREIGN = "foreign"


_PHRASES = {
    Meaning.REPEAT: r"""
        (?:im )?(?:(?:can|could|would) (?:you|u) )?(?:repeat|say|ask)(?: (?:that|it|the question))?
            (?: one more time| once more| again)?
        | (?:come|once) again | pardon(?: me)? | what was (?:that|the q\w{4,10})(?: again)?
        | what(?: is|s) the q\w{4,10}(?: again)? | again | sorry | repeat(?: the question)?
        | sorry i (?:missed|didnt (?:catch|hear|get)) that | i (?:missed|didnt (?:catch|hear)) that
        | one more time | say again""",
    Meaning.REPHRASE: r"""
        what(?:s| is| does)? (?:that|this|it) mean(?: then)?
        | what do (?:you|u) mean(?: exactly| (?:by|with) \w+(?: \w+){0,12})? | what
        | i (?:dont|do not|didnt|did not) (?:understand|get)(?: that| it| this)?
            (?: the| your)?(?: question)?
        | not sure what (?:you|u) mean | not sure i (?:understand|follow)
        | (?:can|could) (?:you|u) (?:rephrase|clarify|explain|reword)
            (?: that| it| this| the question| what (?:you|u) mean)?
        | (?:in )?(?:other|simpler) words | meaning | huh | rephrase
        | (?:can|could) (?:you|u) give (?:me )?an example | why | for example
        | what kind of (?:example|thing) | (?:like|such as) what | how do (?:you|u) mean""",
    Meaning.DECLINE: r"""
        (?:id|i would|i had) (?:rather|prefer) not(?: to)?(?: (?:say|answer|talk about|discuss
            |go into)(?: that| this| it)?(?: one)?)?
        | (?:id|i would) prefer not to(?: say| answer)?(?: that| this)?
        | (?:i )?(?:dont|do not) (?:want|wish) to (?:say|answer|talk about|discuss)
            (?: that| this| it)?(?: one)?
        | no comment | (?:thats|that is|its|it is) (?:private|personal|confidential)
        | (?:i )?(?:cant|cannot|can not) (?:talk about|discuss|answer|share) (?:that|this|it)
        | not comfortable (?:with|answering|sharing)(?: that| this| it)?
        | (?:id|i would) (?:rather|prefer to) (?:skip|pass)(?: that| this| it)?(?: one)?""",
    Meaning.SKIP: r"""
        skip(?: it| this| that| this one| that one| question| the question| please)?
        | pass | next(?: question| one)? | (?:lets |can we |could we )?move on
        | (?:can|could|may) (?:i|we) (?:skip|pass)(?: this| that| it)?(?: one| question)?
        | (?:id|i would) like to (?:skip|pass)(?: this| that| it)?(?: one| question)?""",
    Meaning.STUCK: r"""
        idk | dunno | no idea | i have no idea | no clue | (?:i )?(?:dont|do not) know
        | (?:i )?(?:honestly |really )?(?:dont|do not|donot|didnt) (?:really )?know
            (?: what to (?:say|write|answer))?
        | (?:i )?(?:cant|cannot|can not) think of (?:one|any|anything|an example|a time)
        | (?:i )?(?:dont|do not|cant|cannot|can not) (?:remember|recall)
            (?: (?:one|any|anything|it))?
        | nothing comes to mind | my mind(?:s| is| has| went)?(?: gone)?(?: a)? blank | blank
        | not sure | im not sure | im stuck | stuck
        | (?:i )?(?:dont|do not) have (?:one|any|an example) | help(?: me)?
        | (?:give me )?a hint | hint""",
    Meaning.DONE: r"""
        done | thats (?:it|all|my answer|everything|the end) | that is (?:it|all|my answer)
        | im done | i am done | finished | im finished | end | the end | nothing (?:else|more)
        | (?:no|nope) (?:thats|that is) (?:it|all) | (?:no|yes|yeah) (?:im )?(?:done|finished)
        | (?:yes|yeah|yep) (?:thats|that is|that was) (?:it|all) | that was (?:it|all) | all done
        | no(?:thing)? more | nope nothing (?:else|more) | no nothing (?:else|more)""",
    Meaning.STOP: r"""
        (?:please )?(?:stop|quit|cancel|exit|abort)(?: (?:here|now|it|this|the interview))?
        | (?:i (?:want|need|have) to|(?:can|could) (?:i|we)|lets) (?:stop|quit)
            (?: (?:here|now|this))?
        | end (?:it|this|the interview|here)""",
    Meaning.YES: r"yes|yeah|yep|yup|y|ya|aye|correct|i am|it is|it was",
    Meaning.NO: r"no|nope|nah|n|not yet|more to come|still (?:typing|writing|thinking)",
    Meaning.WAIT: r"""
        wait | (?:just )?(?:one|a|1) (?:sec|second|moment|minute|min) | hold on | hang on
        | let me think(?: about (?:it|that))?(?: for a (?:sec|second|moment|minute))? | thinking
        | give me a (?:sec|second|moment|minute)""",
    Meaning.GREETING: r"""
        (?:hi|hello|hey|good (?:morning|afternoon|evening))
            (?: there| again| all| everyone| maya| tomas| helen| dana| lee| ingrid)?
            (?: (?:nice|good|pleased|great) to meet (?:you|u)(?: all| too)?)?
        | (?:(?:all|maya|tomas|helen|dana|lee|ingrid) )?(?:its )?
            (?:nice|good|pleased|great) to meet (?:you|u)(?: all| too)?(?: \w+)?
        | thank(?:s| you) for (?:having|seeing|inviting) me""",
    Meaning.NOTED: r"""
        ok(?:ay)?(?: thanks| thank you| got it)? | k | thx | ty | cheers
        | thank(?:s| you)(?: you)?(?: (?:so|very) much| a lot| for that| that helps)?
        | (?:i )?got it(?: thanks)? | i see | understood | noted | fair(?: enough)? | makes sense
        | cool | great | nice | good | fine | right | sure | lol | wow | interesting | true
        | good (?:point|to know|one) | that (?:helps|makes sense)""",
}
# The phrases are laid out over lines for the reader; blanks within a line count.
_MEANINGS = {
    meaning: re.compile(re.sub(r"\s*\n\s*", "", re.sub(r"\s+\|\s+", "|", body.strip())))
    for meaning, body in _PHRASES.items()
}
_LONGEST_ASIDE = 60
# A question back in one's own words: one sentence, which is clearly about the question.
_LONGEST_QUESTION = 160
_LONGEST_REFUSAL = 100
_ASKS_BACK = re.compile(
    r"(?:(?:sorry|hm+|um+|so|ok|okay|well|please|hi) ){0,2}(?:"
    r"(?:(?:what|which|how) )?(?:do|did) (?:you|u) mean\b|(?:you|u) mean\b"
    r"|(?:is|was) (?:it|this|that) (?:about|meant|ok(?:ay)?|fine|more)\b"
    r"|(?:does|do|should|must|has|can|could|may|would) (?:it|this|that|the (?:example|story))\b"
    r"|(?:can|could|may|should|shall|do) i (?:use|pick|choose|take|talk about|tell|give|have to"
    r"|need to|answer|say|mention|name)\b"
    r"|(?:what|which) (?:kind|sort|type|part) of (?:example|story|situation|thing|answer)\b"
    r"|how (?:long|much detail|far back) (?:should|do|can|may)\b)"
)
# "I'd rather not talk about that, it's a bit close to home": what follows is only the reason, as
# long as nothing turns ("but …") into an answer.
_SOFTLY = r"(?:(?:no|honestly|sorry|im sorry|well|um+|to be honest|actually) ){0,3}"
_GOES_ON = r"(?!.*\b(?:but|so|though|although|except|instead)\b)"
_LONG_REFUSALS = {
    Meaning.DECLINE: re.compile(
        _SOFTLY + r"(?:(?:id|i would) (?:rather|prefer) not"
        r"|i (?:dont|do not) want to (?:talk|go|say|answer|share|discuss))\b" + _GOES_ON
    ),
    Meaning.STUCK: re.compile(
        _SOFTLY + r"(?:(?:i )?(?:cant|cannot|can not) (?:really )?think of (?:one|any|an example)\b"
        r"|i (?:dont|do not) (?:really )?have (?:one|any|an example)"
        r"(?: (?:i|that|sorry|for|of)\b|$))" + _GOES_ON
    ),
}
_POLITE = re.compile(
    r"\b(?:please|pls|plz|sorry|hm+|um+|uh+|er+m?|well|ok(?:ay)?|hey|hi|so|thanks)\b"
)
_ENGLISH_WORDS = """
the a an and i we to of in it was is my that for on with you they he she me had have but so at be
not this were are our as from or if would do did there what when them about because
"""
# None of these is an English word too: an English answer must never be taken for another language.
_FOREIGN_WORDS = """
el la los las que en una por con para mi yo se fue era del muy pero esto estaba
le les des et est je nous vous dans une qui pas pour sur au avec ce mon ma dans mais
der das und ich wir nicht ein eine zu mit dem auf im ist haben habe für von aber wurde
os um uma não da foi com meu minha em ao eu isso mais
il gli che di è per ho non sono nel della mio anche questo
het een ik wij niet van op voor mijn maar jaar heb ben naar
w z się nie jest że był moja ale przez
bir ve bu için biz ile ama çok
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_FOREIGN = frozenset(_FOREIGN_WORDS.split())
_LANGUAGE_WORDS = 6


def understand(text: str) -> Meaning:
    """What a message that arrives while a question is on the table wants."""
    if not any(character.isalnum() for character in text):
        return Meaning.WORDLESS
    if len(text) <= _LONGEST_ASIDE:
        bare = _bare(text)
        plain = _POLITE.sub(" ", bare).split() or bare.split()[-1:]
        for meaning, pattern in _MEANINGS.items():
            if pattern.fullmatch(" ".join(plain)) or pattern.fullmatch(bare):
                return meaning
    if _asks_back(text):
        return Meaning.REPHRASE
    if len(text) <= _LONGEST_REFUSAL:
        for meaning, pattern in _LONG_REFUSALS.items():
            if pattern.match(_bare(text)):
                return meaning
    return Meaning.FOREIGN if _is_foreign(text) else Meaning.ANSWER


def _asks_back(text: str) -> bool:
    """Whether a text is one question about the question: "do you mean at work or anywhere?"."""
    told = text.strip()
    if len(told) > _LONGEST_QUESTION or not told.endswith("?") or re.search(r"[.!?]\s", told):
        return False
    return _ASKS_BACK.match(_bare(told)) is not None


def channel_of(answer: str) -> Channel:
    """Voice for a long text with spoken fillers or next to no punctuation, as dictation gives."""
    words = answer.split()
    stops = len(re.findall(r"[.!?;:\n]", answer))
    spoken = len(re.findall(r"\b(?:um+|uh+|erm?)\b", answer, re.IGNORECASE))
    if len(words) >= 40 and (stops * 45 < len(words) or spoken >= 2):
        return Channel.VOICE
    return Channel.TYPED


def _bare(text: str) -> str:
    """Lower case, without apostrophes and punctuation, single blanks."""
    return " ".join(re.sub(r"[^\w\s]", " ", re.sub(r"['’`]", "", text.lower())).split())


def _is_foreign(text: str) -> bool:
    """Whether a text is surely in another language; a short one only when in other letters."""
    letters = [character for character in text if character.isalpha()]
    if len(letters) >= 4 and sum(ord(letter) > 0x24F for letter in letters) * 2 > len(letters):
        return True
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < _LANGUAGE_WORDS:
        return False
    english = sum(word in _ENGLISH for word in words)
    foreign = sum(word in _FOREIGN for word in words)
    return foreign * 5 > len(words) and foreign >= 2 * english
