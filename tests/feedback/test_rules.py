"""Each rule is held to its own examples."""

from __future__ import annotations

import pytest

from bot.feedback import RULES
from bot.feedback.look import look_at
from bot.feedback.rank import ORDER
from bot.feedback.reading import read_answer
from bot.feedback.rules.base import Case, Rule

GOOD = [(rule, case) for rule in RULES for case in rule.good]
BAD = [(rule, case) for rule in RULES for case in rule.bad]


def marks(rule: Rule, case: Case) -> list[tuple[str, ...]]:
    look = look_at(read_answer(case.answer, case.asked, case.channel))
    return [
        tuple(case.answer[start:end] for start, end in finding.spans)
        for finding in rule.check(look)
    ]


@pytest.mark.parametrize(("rule", "case"), GOOD, ids=[f"{r.name}-{c.answer[:30]}" for r, c in GOOD])
def test_a_good_example_draws_no_mark(rule: Rule, case: Case) -> None:
    assert marks(rule, case) == []


@pytest.mark.parametrize(("rule", "case"), BAD, ids=[f"{r.name}-{c.answer[:30]}" for r, c in BAD])
def test_a_bad_example_is_marked_at_exactly_these_words(rule: Rule, case: Case) -> None:
    assert marks(rule, case) == [case.marks]
    assert case.marks


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_explains_itself(rule: Rule) -> None:
    assert rule.good
    assert rule.bad
    for text in (rule.name, rule.why, rule.source, rule.advice, type(rule).__doc__):
        assert text
        assert text.strip()


def test_the_rules_and_the_order_of_fixes_name_the_same_faults() -> None:
    assert sorted(rule.name for rule in RULES) == sorted(ORDER)
    assert len({rule.name for rule in RULES}) == 18
