"""All rules, one file each, in the order of what to fix first."""

from __future__ import annotations

from bot.feedback.rules.base import Rule
from bot.feedback.rules.blames_others import BlamesOthers
from bot.feedback.rules.confidential import Confidential
from bot.feedback.rules.fillers import Fillers
from bot.feedback.rules.hedging import Hedging
from bot.feedback.rules.hypothetical import Hypothetical
from bot.feedback.rules.missing_action import MissingAction
from bot.feedback.rules.missing_result import MissingResult
from bot.feedback.rules.missing_situation import MissingSituation
from bot.feedback.rules.missing_task import MissingTask
from bot.feedback.rules.no_example import NoExample
from bot.feedback.rules.no_ownership import NoOwnership
from bot.feedback.rules.off_topic import OffTopic
from bot.feedback.rules.rambling import Rambling
from bot.feedback.rules.too_much_setup import TooMuchSetup
from bot.feedback.rules.too_short import TooShort
from bot.feedback.rules.unquantified_result import UnquantifiedResult
from bot.feedback.rules.vague_action import VagueAction
from bot.feedback.rules.we_not_i import WeNotI

RULES: tuple[Rule, ...] = (
    Confidential(),
    OffTopic(),
    Hypothetical(),
    NoOwnership(),
    NoExample(),
    MissingAction(),
    BlamesOthers(),
    TooMuchSetup(),
    WeNotI(),
    Hedging(),
    Fillers(),
    VagueAction(),
    MissingResult(),
    Rambling(),
    TooShort(),
    UnquantifiedResult(),
    MissingSituation(),
    MissingTask(),
)
