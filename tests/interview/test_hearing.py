"""What a message means: asides by the table, and answers that only look like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feedback import Channel
from bot.interview.hearing import Meaning, channel_of, understand

PHRASES = {
    Meaning.REPEAT: """
        Can you repeat that?
        Can you repeat?
        could you repeat again?
        I'm sorry, can you repeat that?
        Could you repeat the question, please?
        Can you please say that again?
        would you repeat it one more time
        Sorry?
        Pardon?
        pardon me
        Come again?
        What was the question again?
        What's the question?
        Sorry, I missed that.
        Sorry, I didn’t catch that
        I didn't hear that
        Say again?
        again please
        repeat pls
        hey, repeat the question
        """,
    Meaning.REPHRASE: """
        What do you mean?
        What do you mean by conflict?
        What?
        what do u mean by that
        Sorry, what do you mean exactly?
        I don't understand.
        I do not understand the question
        Sorry, I don’t get it
        I didn't understand your question
        not sure what you mean
        Not sure I follow...
        Can you rephrase that?
        Could you clarify the question, please?
        can you explain what you mean
        In other words?
        Huh?
        What kind of example?
        Like what?
        """,
    Meaning.DECLINE: """
        I'd rather not say.
        I would rather not answer that
        i'd prefer not to
        I’d prefer not to say
        I'd rather not talk about this one
        I don't want to talk about that
        I do not wish to answer
        No comment.
        That's private.
        it's confidential
        Sorry, I can't discuss that
        cannot share this
        Not comfortable answering that
        I'd rather skip this one
        """,
    Meaning.SKIP: """
        Can I skip this one?
        can we move on?
        I'd like to skip
        skip
        Skip!
        skip this one please
        Skip the question
        pass
        Next
        next question, please
        Let's move on.
        """,
    Meaning.STUCK: """
        my mind's gone blank
        I don't know what to say
        help me
        I don't know
        idk
        dunno
        No idea, sorry
        I honestly don't know.
        Hmm, I don’t really know
        I can't think of anything
        i cant think of a time
        Nothing comes to mind.
        My mind went blank
        not sure
        I'm stuck
        I don't have an example
        help
        Give me a hint
        """,
    Meaning.DONE: """
        done
        That's it.
        that’s all
        that is my answer
        I'm done
        finished!
        The end.
        nothing else
        No, I'm done
        all done
        ok done
        Nope, that's it.
        no thats all
        Yes, that's it.
        that was all
        """,
    Meaning.YES: """
        Yes
        yep.
        Yeah!
        """,
    Meaning.NO: """
        No
        Nope
        not yet
        Still typing...
        """,
    Meaning.WAIT: """
        wait
        One moment, please
        hold on
        Let me think.
        give me a minute
        """,
    Meaning.GREETING: """
        Hello!
        Good morning everyone
        Hi Maya, nice to meet you
        nice to meet you too
        """,
    Meaning.NOTED: """
        Thanks!
        ok
        Okay, thank you
        Got it.
        I see
        makes sense
        Good point
        """,
    Meaning.WORDLESS: """
        👍
        ...
        🙂🙂
        ?!
        —
        ❤️
        """,
}
TABLE = [
    (line.strip(), meaning)
    for meaning, lines in PHRASES.items()
    for line in lines.strip().splitlines()
]


@pytest.mark.parametrize(("text", "meaning"), TABLE)
def test_a_whole_short_message_is_understood(text: str, meaning: Meaning) -> None:
    assert understand(text) is meaning


@pytest.mark.parametrize(("text", "meaning"), [row for row in TABLE if row[0][0].isalpha()])
def test_it_makes_no_difference_how_it_is_typed(text: str, meaning: Meaning) -> None:
    for typed in (text.upper(), text.lower(), f"  {text}  ", text.rstrip(".?!"), f"{text} 🙂"):
        assert understand(typed) is meaning


@pytest.mark.parametrize(
    "text",
    [
        # they contain an aside, and go on
        "She asked, “can you repeat that?”, so I drew it on the board.",
        "I said no comment to the press and called my manager.",
        "I don't know why, but the pump failed at night, so I called it in.",
        "I didn't know the system, so I asked Ana to show me.",
        "Skip the queue was our project; I led it.",
        "Pass rates rose from 60% to 80%.",
        "The next question I asked was what they needed.",
        "That's all I could do until the engineer came.",
        "Sorry, I was late once and I owned up to it.",
        "I can't share the name, but a large retailer hired us in May.",
        "I'd rather not say who, but my colleague left the till open.",
        "I was stuck for a week before I asked for help.",
        "We were done by Friday.",
        "Help desk, two years.",
        "I pass every audit.",
        "My end of the deal was the rota.",
        "Nobody knew what to do. I did.",
        "Yes, I led it.",
        "No, we hired two people.",
        "Wait times fell by half.",
        "Thanks to her notes I found the fault.",
        "Good morning, I said, and they laughed.",
        "Fine dining, three years, head waiter.",
        # short answers are answers
        "Four weeks.",
        "In June",
        "42",
        "Because I like the work.",
    ],
)
def test_an_answer_that_only_contains_an_aside_stays_an_answer(text: str) -> None:
    assert understand(text) is Meaning.ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "what do you mean with that, is it from the internet or from people I know?",
        "Do you mean at work, or can it be from school?",
        "Can I use an example from a volunteer job?",
        "does it have to be recent?",
        "Is it okay if it's about a family thing?",
        "Sorry, how far back can I go?",
    ],
)
def test_a_question_back_may_come_in_ones_own_words(text: str) -> None:
    assert understand(text) is Meaning.REPHRASE


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Honestly I'd rather not talk about that, it's a bit close to home.", Meaning.DECLINE),
        ("I don't want to go into that one, it's my sister's business really", Meaning.DECLINE),
        ("No sorry, I don't have one I want to share.", Meaning.STUCK),
        ("I can't think of one, sorry. Can we do another?", Meaning.STUCK),
        ("I'd rather not say who it was, but she had the till open.", Meaning.ANSWER),
        ("I can't think of one so big, so take a small one: the till.", Meaning.ANSWER),
        ("I don't have one desk, I have three, and I run between them.", Meaning.ANSWER),
    ],
)
def test_a_refusal_may_give_its_reason(text: str, meaning: Meaning) -> None:
    assert understand(text) is meaning


@pytest.mark.parametrize(
    "text",
    [
        "Do you mean it, she said? I did, and I rang him.",
        "Can I use the van, I asked, and they said yes.",
        "Is it about money? Partly. I'd want 30.",
        "What kind of training do you give new starters?",
        "Does it work? It does, eleven sites in and not one call.",
    ],
)
def test_a_question_within_an_answer_is_none_back(text: str) -> None:
    assert understand(text) is Meaning.ANSWER


FOREIGN = {
    "Spanish": (
        "Trabajé tres años en una tienda y aprendí mucho de los clientes que venían cada día.",
        "En mi último trabajo tuve un conflicto con mi jefe porque no estaba de acuerdo.",
    ),
    "French": (
        "Dans mon dernier poste, je devais gérer une équipe de dix personnes avec un budget serré.",
        "J'ai travaillé trois ans dans une pharmacie et nous avons eu un problème de livraison.",
    ),
    "German": (
        "Ich habe drei Jahre in einem Krankenhaus gearbeitet und war für die Station zuständig.",
        "Letztes Jahr ist unser System ausgefallen, und ich musste eine Lösung finden.",
    ),
    "Italian": (
        "Nel mio ultimo lavoro ho gestito un gruppo di dieci persone e non è stato facile.",
        "Una volta ho avuto un problema con il mio capo per la consegna del progetto.",
    ),
    "Portuguese": (
        "No meu último trabalho eu tive um problema com o meu chefe e não foi fácil.",
        "Eu trabalhei três anos em uma loja e aprendi muito com os clientes.",
    ),
    "Russian": ("Я работал в магазине три года.", "Не знаю"),
    "Chinese": ("我在医院工作了三年，负责排班。", "我不知道"),
    "Arabic": ("عملت في مستشفى لمدة ثلاث سنوات.", "لا أعرف"),
    "Hindi": ("मैंने तीन साल अस्पताल में काम किया।",),
    "Japanese": ("前職では三年間、病院で働いていました。",),
}


@pytest.mark.parametrize(
    ("language", "text"), [(name, text) for name, texts in FOREIGN.items() for text in texts]
)
def test_another_language_is_told_apart(language: str, text: str) -> None:
    assert understand(text) is Meaning.FOREIGN, language


@pytest.mark.parametrize(
    "text",
    [
        "Maria de los Santos and Jean-Luc du Pré trained me at La Maison de Santé in Lyon.",
        "José and María asked me; I rang Señor Peña at El Corte and he moved the date.",
        "Terraform, Kubernetes, Grafana, PagerDuty: moved prod off EC2, cut p95 400ms to 90ms.",
        "NHS band 6 A&E nurse, ALS, triage lead, ran handover with SBAR, got CQC 'good'.",
        "Led S/4HANA cutover, closed FX hedges, filed VAT, IFRS 16 restatement, zero audit points.",
        "Owned the bistro's à la carte menu, mise en place, hors d'oeuvres and café stock.",
        "De-escalated a row: sat with Ms Die, then with Mr Es, agreed new shifts.",
        "Übersetzt? No: I wrote the German manual with Jürgen and checked it with Zoë.",
        "Wrote SQL, fixed joins, reran nightly loads, told finance, done by nine.",
        "Called Kowalczyk, Nguyễn and Şahin, who run our three depots, and swapped two vans.",
    ],
)
def test_english_full_of_names_and_jargon_is_no_other_language(text: str) -> None:
    assert understand(text) is Meaning.ANSWER


@given(st.text(max_size=300))
def test_any_message_has_some_meaning_and_only_words_can_answer(text: str) -> None:
    meaning = understand(text)
    assert (meaning is Meaning.WORDLESS) is not any(each.isalnum() for each in text)


@given(st.sampled_from(TABLE), st.sampled_from("abcdefgh"))
def test_a_long_message_is_never_an_aside(row: tuple[str, Meaning], letter: str) -> None:
    story = f"{row[0]} {'I met them at work and we ' + letter} " * 3
    assert understand(story) is Meaning.ANSWER
    assert understand(f"{'please ' * 12}{row[0]}") in {Meaning.ANSWER}


# How an answer was made.

STORY = "in march our pharmacy closed and my job was to keep the round on time so i rang two more "


@pytest.mark.parametrize(
    ("answer", "channel"),
    [
        (STORY * 3, Channel.VOICE),
        (STORY * 3 + "and um then i called uh the owner.", Channel.VOICE),
        ("Um, it began in May. " * 4 + "It ended in June. We all met. " * 5, Channel.VOICE),
        ("It began in May. We were late. I called them twice. " * 6, Channel.TYPED),
        (STORY, Channel.TYPED),
        ("um uh erm", Channel.TYPED),
        ("The umbrella term was Uhura's. I wrote it down. " * 6, Channel.TYPED),
        ("First I rang them\n" * 12, Channel.TYPED),
        ("", Channel.TYPED),
    ],
)
def test_a_long_answer_without_stops_or_with_spoken_fillers_was_spoken(
    answer: str, channel: Channel
) -> None:
    assert channel_of(answer) is channel
