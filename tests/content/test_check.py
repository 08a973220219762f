"""Every fault of the content is a line, `file: item: what is wrong`, and none hides another."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.content import BrokenContent, faults, load_content
from bot.content.load import PROMPTS


class Copy:
    """A copy of prompts/ that a test may break."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def change(self, file: str, old: str, new: str, count: int = 1) -> None:
        """Put `new` in place of the first `old` in a file."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}"
        path.write_text(text.replace(old, new, count), encoding="utf-8")

    def add(self, file: str, text: str) -> None:
        """Write `text` at the end of a file, which may be new."""
        path = self.root / file
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(before + text, encoding="utf-8")

    def keep(self, file: str, count: int) -> None:
        """Leave only the first `count` entries of a file."""
        path = self.root / file
        head, *entries = re.split(r"(?m)^(?=\[\[)", path.read_text(encoding="utf-8"))
        path.write_text(head + "".join(entries[:count]), encoding="utf-8")

    def drop(self, file: str, entry: str) -> None:
        """Take the entry with this id out of a file."""
        path = self.root / file
        parts = re.split(r"(?m)^(?=\[\[)", path.read_text(encoding="utf-8"))
        kept = [part for part in parts if f'id = "{entry}"' not in part]
        assert len(kept) == len(parts) - 1
        path.write_text("".join(kept), encoding="utf-8")

    @property
    def faults(self) -> list[str]:
        return faults(self.root)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    shutil.copytree(PROMPTS, tmp_path / "prompts")
    return Copy(tmp_path / "prompts")


def first_id(file: str) -> str:
    """The id of the first entry of a shipped file."""
    found = re.search(r'^id = "(.+)"', (PROMPTS / file).read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_shipped_content_has_no_fault() -> None:
    assert faults() == []


def test_content_without_faults_is_loaded(copy: Copy) -> None:
    book, wording = load_content(copy.root)
    assert len(book.personas) == 4
    assert wording.buttons["done"]


# The files themselves.


def test_a_file_that_is_not_toml_is_named_with_the_place(copy: Copy) -> None:
    copy.add("buttons.toml", "\nhalf = \n")
    (fault,) = copy.faults
    assert fault.startswith("buttons.toml: file: is not valid TOML: Invalid value (at line ")


def test_a_file_that_is_not_utf_8_is_named(copy: Copy) -> None:
    (copy.root / "phrases.toml").write_bytes(b'photo = "caf\xe9"')
    (fault,) = copy.faults
    assert fault.startswith("phrases.toml: file: is not valid TOML: 'utf-8' codec")


@pytest.mark.parametrize("file", ["questions/peer.toml", "fixes.toml", "commands.toml"])
def test_a_file_that_is_missing_is_named(file: str, copy: Copy) -> None:
    (copy.root / file).unlink()
    assert copy.faults == [f"{file}: file: is not there"]


def test_a_bank_without_its_persona_is_named(copy: Copy) -> None:
    (copy.root / "personas/peer.toml").unlink()
    copy.change("fixes.toml", "\npeer = ", "\n# ", count=-1)
    assert copy.faults == ["questions/peer.toml: peer: there is no personas/peer.toml to ask these"]


def test_a_persona_must_have_the_name_of_its_file(copy: Copy) -> None:
    copy.change("personas/peer.toml", 'id = "peer"', 'id = "mate"')
    assert copy.faults == ["personas/peer.toml: mate: the id must be the name of the file"]


def test_an_empty_persona_lacks_everything_by_name(copy: Copy) -> None:
    (copy.root / "personas/peer.toml").write_text("", encoding="utf-8")
    assert "personas/peer.toml: peer: id: Field required" in copy.faults
    assert {fault.split(":")[0] for fault in copy.faults} == {"personas/peer.toml"}


# Entries.


def test_an_unknown_key_is_a_fault(copy: Copy) -> None:
    first = first_id("questions/peer.toml")
    copy.change("questions/peer.toml", "competency =", "competence =")
    assert copy.faults == [
        f"questions/peer.toml: {first}: competency: Field required",
        f"questions/peer.toml: {first}: competence: Extra inputs are not permitted",
    ]


def test_another_kind_of_entry_is_a_fault(copy: Copy) -> None:
    copy.add("lines_of_work.toml", '\n[[lines]]\nid = "sea"\n')
    assert copy.faults == ["lines_of_work.toml: lines: is not expected here; entries are [[line]]"]


@pytest.mark.parametrize("text", ['command = "help"\n', '[command]\nid = "help"\n'])
def test_an_entry_with_the_wrong_brackets_is_a_fault(text: str, copy: Copy) -> None:
    (copy.root / "commands.toml").write_text(text, encoding="utf-8")
    assert copy.faults == ["commands.toml: command: entries are written [[command]]"]


def test_a_value_that_is_not_allowed_is_a_fault(copy: Copy) -> None:
    first = first_id("questions/peer.toml")
    copy.change("questions/peer.toml", 'type = "behavioral"', 'type = "trick"')
    (fault,) = copy.faults
    assert fault.startswith(f"questions/peer.toml: {first}: type: Input should be 'behavioral'")


def test_an_id_that_comes_twice_is_a_fault(copy: Copy) -> None:
    copy.add(
        "lines_of_work.toml", '\n[[line]]\nid = "care"\nbutton = "Care"\nwarm_up = "And you?"\n'
    )
    assert copy.faults == ["lines_of_work.toml: care: this id comes twice"]


def test_a_question_id_is_unique_among_all_personas(copy: Copy) -> None:
    taken, own = first_id("questions/executive.toml"), first_id("questions/peer.toml")
    copy.change("questions/peer.toml", f'id = "{own}"', f'id = "{taken}"')
    assert copy.faults == [f"questions/peer.toml: {taken}: this id comes twice"]


def test_the_same_question_twice_is_a_fault_of_both(copy: Copy) -> None:
    text = (copy.root / "questions/peer.toml").read_text(encoding="utf-8")
    one, two = re.findall(r'(?m)^id = "(.+)"', text)[:2]
    asks = re.findall(r'(?m)^asks = "(.+)"', text)[:2]
    copy.change("questions/peer.toml", asks[1], asks[0].upper())
    assert copy.faults == [
        f"questions/peer.toml: {one}: another question says the same",
        f"questions/peer.toml: {two}: another question says the same",
    ]


# What belongs together.


def test_a_panel_question_says_who_asks_it(copy: Copy) -> None:
    first = first_id("questions/panel.toml")
    copy.change("questions/panel.toml", 'asker = "finance"\n', "")
    assert copy.faults == [f"questions/panel.toml: {first}: asker: who of the panel asks this?"]


def test_nobody_asks_who_does_not_sit_there(copy: Copy) -> None:
    panel, peer = first_id("questions/panel.toml"), first_id("questions/peer.toml")
    copy.change("questions/panel.toml", 'asker = "finance"', 'asker = "sales"')
    copy.change("questions/peer.toml", "competency =", 'asker = "finance"\ncompetency =')
    assert copy.faults == [
        f"questions/panel.toml: {panel}: asker: nobody here is called sales",
        f"questions/peer.toml: {peer}: asker: nobody here is called finance",
    ]


def test_a_bank_with_too_few_questions_lacks_what_it_lacks(copy: Copy) -> None:
    copy.keep("questions/executive.toml", 38)
    found = copy.faults
    assert "questions/executive.toml: executive: 38 questions; 40 are needed" in found
    assert "questions/executive.toml: logistics: no question is of this type" in found
    files = ("questions/executive.toml: ", "drills/weak_answers.toml: ")
    assert all(fault.startswith(files) for fault in found)


def test_a_weak_answer_belongs_to_a_question_and_has_a_known_fault(copy: Copy) -> None:
    file = "drills/weak_answers.toml"
    copy.change(file, 'question = "pe-conflict-no-boss-to-settle-it"', 'question = "pe-gone"')
    copy.change(file, 'defect = "missing_result"', 'defect = "missing_luck"')
    assert copy.faults == [
        f"{file}: weak-conflict-rota: no question is called pe-gone",
        f"{file}: weak-conflict-rota: no rule reports missing_luck",
    ]


def test_every_kind_of_drill_has_its_words(copy: Copy) -> None:
    copy.drop("drills/kinds.toml", "fix")
    (fault,) = copy.faults
    assert fault.startswith("drills/kinds.toml: all: entry: kinds must be full, result")


def test_too_few_questions_in_all_are_a_fault(copy: Copy) -> None:
    for name in ("executive", "peer", "panel"):
        copy.keep(f"questions/{name}.toml", 45)
    assert "questions: all: 195 questions; 200 are needed" in copy.faults


def test_every_competency_and_line_of_work_has_its_entry(copy: Copy) -> None:
    copy.drop("competencies.toml", "ethics")
    copy.drop("lines_of_work.toml", "trades")
    assert copy.faults == [
        "competencies.toml: ethics: this competency has no entry",
        "lines_of_work.toml: trades: this line of work has no entry",
    ]


def test_every_rule_has_its_words_and_all_words_have_a_rule(copy: Copy) -> None:
    copy.change("fixes.toml", 'id = "hedging"', 'id = "mumbling"')
    assert copy.faults == [
        "fixes.toml: hedging: this fault has no words",
        "fixes.toml: mumbling: no rule reports this fault",
    ]


def test_every_criterion_has_its_words_and_all_words_have_a_criterion(copy: Copy) -> None:
    copy.change("rubric.toml", 'id = "safeguard"', 'id = "belt"')
    assert copy.faults == [
        "rubric.toml: safeguard: this criterion has no words",
        "rubric.toml: belt: no rubric asks for this criterion",
    ]


def test_a_criterion_without_a_name_is_a_fault(copy: Copy) -> None:
    copy.change("rubric.toml", 'name = "Steps"\n', "")
    assert copy.faults == ["rubric.toml: steps: name: Field required"]


def test_a_next_step_is_there_for_what_is_central_and_for_nothing_else(copy: Copy) -> None:
    copy.change("rubric.toml", 'how = "First', '# "First')
    copy.change("rubric.toml", 'name = "Second way"', 'name = "Second way"\nhow = "Or I ___."')
    assert copy.faults == [
        "rubric.toml: steps: how: Field required",
        "rubric.toml: option: how: is never said",
    ]


def test_a_reason_is_given_by_every_persona_and_by_nobody_else(copy: Copy) -> None:
    copy.change("fixes.toml", "\npeer = ", "\npear = ")
    first = first_id("fixes.toml")
    assert copy.faults == [
        f"fixes.toml: {first}: why has nothing for peer",
        f"fixes.toml: {first}: why: nobody is called pear",
    ]


def test_a_persona_can_probe_for_what_it_minds(copy: Copy) -> None:
    copy.change("personas/peer.toml", "\nreal_time = [", "\nresult = [")
    assert copy.faults == [
        "personas/peer.toml: peer: entry: probe_order names real_time but probes has nothing for it"
    ]


def test_a_panel_has_three_seats(copy: Copy) -> None:
    copy.keep("personas/panel.toml", 2)
    assert copy.faults == ["personas/panel.toml: panel: entry: a panel has three panelists"]


# Words with places to fill in.


def test_a_placeholder_that_nobody_fills_in_is_a_fault(copy: Copy) -> None:
    copy.change("fixes.toml", '"{quote}', '"{nope}')
    assert copy.faults == [f"fixes.toml: {first_id('fixes.toml')}: {{nope}} cannot be filled in"]


def test_only_what_is_said_about_an_answer_may_quote_it(copy: Copy) -> None:
    copy.change("fixes.toml", 'debrief = "', 'debrief = "{quote} ')
    assert copy.faults == [f"fixes.toml: {first_id('fixes.toml')}: {{quote}} cannot be filled in"]


@pytest.mark.parametrize(
    ("phrase", "wrong"),
    [
        ("You are {nope}.", "{nope} cannot be filled in"),
        ("You are {}.", "{} cannot be filled in"),
        ("A brace { here", "a brace stands alone"),
        ("", "must be a text"),
        ("x" * 513, "longer than 512 characters"),
    ],
)
def test_a_phrase_that_cannot_be_said_is_a_fault(phrase: str, wrong: str, copy: Copy) -> None:
    copy.add("phrases.toml", f'\nnew = "{phrase}"\n')
    assert copy.faults == [f"phrases.toml: new: {wrong}"]


def test_a_phrase_may_hold_every_name_that_is_filled_in(copy: Copy) -> None:
    copy.add("phrases.toml", '\nnew = "{name}, {number} of {of}: {reference} {{sic}}"\n')
    assert copy.faults == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        (f'new = "{"x" * 41}"', "longer than 40 characters"),
        ("new = 4", "must be a text"),
    ],
)
def test_a_button_that_cannot_be_shown_is_a_fault(line: str, wrong: str, copy: Copy) -> None:
    copy.add("buttons.toml", f"\n{line}\n")
    assert copy.faults == [f"buttons.toml: new: {wrong}"]


def test_a_command_that_telegram_would_refuse_is_a_fault(copy: Copy) -> None:
    copy.add("commands.toml", '\n[[command]]\nid = "Help-me"\ndescription = "Help"\n')
    assert copy.faults == [
        "commands.toml: Help-me: id: String should match pattern '^[a-z0-9_]{1,32}$'"
    ]


# Templates.


def test_a_template_with_bad_syntax_is_named_with_its_line(copy: Copy) -> None:
    copy.add("messages/new.html", "Well\n{% if line %}yes\n")
    (fault,) = copy.faults
    assert fault.startswith("messages/new.html: line 2: Unexpected end of template.")


def test_a_name_that_nobody_fills_in_is_a_fault(copy: Copy) -> None:
    copy.add("messages/new.html", "{{ speaker }} {{ spaeker }} {{ lien.text }}")
    assert copy.faults == [
        "messages/new.html: lien: nobody fills in this name",
        "messages/new.html: spaeker: nobody fills in this name",
    ]


def test_a_filter_that_does_not_exist_is_a_fault(copy: Copy) -> None:
    copy.add("messages/new.html", "{{ speaker | lowr }}")
    assert copy.faults == ["messages/new.html: line 1: No filter named 'lowr'."]


def test_an_included_template_that_is_not_there_is_a_fault(copy: Copy) -> None:
    copy.add("messages/new.html", '{% include "nope.html" %}')
    assert copy.faults == ["messages/new.html: nope.html: this template is not there"]


# All of them.


def test_no_fault_hides_another(copy: Copy) -> None:
    copy.change("personas/executive.toml", "waits = 60", "waits = 6")
    copy.change("questions/executive.toml", 'type = "behavioral"', 'type = "trick"')
    copy.change("questions/panel.toml", 'asker = "finance"', 'asker = "sales"')
    copy.drop("competencies.toml", "ethics")
    copy.add("fixes.toml", "\n[[")
    copy.add("messages/new.html", "{{ nope }}")
    copy.add("phrases.toml", "\nnew = 1\n")
    copy.add("buttons.toml", "\nnew = 1\n")
    (copy.root / "commands.toml").unlink()
    assert [fault.split(": ")[0] for fault in copy.faults] == [
        "personas/executive.toml",
        "questions/executive.toml",
        "fixes.toml",
        "questions/panel.toml",
        "competencies.toml",
        "messages/new.html",
        "commands.toml",
        "buttons.toml",
        "phrases.toml",
    ]


def test_broken_content_is_not_loaded_and_says_everything(copy: Copy) -> None:
    copy.add("buttons.toml", "\nnew = 1\nother = 2\n")
    with pytest.raises(BrokenContent) as broken:
        load_content(copy.root)
    assert broken.value.faults == copy.faults
    assert str(broken.value) == (
        "buttons.toml: new: must be a text\nbuttons.toml: other: must be a text"
    )


def test_two_interviewers_do_not_ask_nearly_the_same(copy: Copy) -> None:
    banks = load_content()[0].banks
    manager = banks["hiring_manager"][0]
    peer = next(each for each in banks["peer"] if each.competency is manager.competency)
    copy.change("questions/peer.toml", peer.asks, f"{manager.asks} Please.")
    assert copy.faults == [f"questions/peer.toml: {peer.id}: says the same as {manager.id}"]


def test_a_letter_that_tells_what_nobody_knows_is_a_fault(copy: Copy) -> None:
    copy.add("notes/thank_you_1_warm.txt", "{{ salary }}")
    assert "notes/thank_you_1_warm.txt: salary: nobody fills in this name" in copy.faults


def test_fewer_letters_than_people_are_a_fault(copy: Copy) -> None:
    (copy.root / "notes" / "thank_you_1_warm.txt").unlink()
    assert "notes: thank_you: 8 letters; 9 are needed" in copy.faults
