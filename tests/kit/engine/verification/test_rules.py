"""Rules: what a coursework states, what proves it, and what is found to be wanting."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from rich.console import Console

from kit.stage import mini
from reelmark.errors import UsageError
from reelmark.manifest import Coursework
from reelmark.verification import rule_table, rules
from reelmark.verification.proofs import Proofs, count, find_proofs
from reelmark.verification.statements import (
    find_unquoted,
    read_docstring,
    read_section,
)

DOCSTRING = '''"""Double a number, of any size.

    Args:
        x: A number; whole or not.

    Returns:
        Twice the number.

    Example:
        >>> double(2)
        4
    """'''
STUB = f"def double(x):\n    {DOCSTRING}\n    raise NotImplementedError\n"
BRIEF = "# Numbers\n\n## Start\n\nRun it.\n\n## Rulings\n\nHalves stay halves.\n"
RULES = """
headings = ["Rulings"]

["1a".rules]
twice = ["Double a number", "Twice the number."]
halves = ["whole or not", "Halves stay halves."]

["1a".unchecked.size]
says = ["of any size"]
because = "No check can wait so long."

["1a"]
explained = ["A number;"]
"""
SUITE = """
import pytest

@pytest.mark.check("1a", marks=1, rules="twice")
def test_kind(submission):
    pass

@pytest.mark.check("1a", marks=0.5, rules=("twice", "halves"), after="test_kind")
def test_value(submission):
    pass

@pytest.mark.check("1a", marks=0.5, rules="halves", after="test_value")
def test_half(submission):
    pass
"""
CRUDE = '"""It returns nothing.\n\nBreaks: twice\n"""\n'
SUBTLE = '"""A half is rounded.\n\nBreaks: twice,\n    halves\n"""\n'
KEPT = """=== crude ===

[public/doubling::test_kind]
1a  double(): returned None.

=== subtle ===

[public/doubling::test_half]
1a  double(): a half is gone.
"""
FILES = {
    "solutions/rules.toml": RULES,
    "assignment/doubling.py": STUB,
    "assignment/README.md": BRIEF,
    "tests/public/test_doubling.py": SUITE,
    "solutions/mistakes/1a/crude.py": CRUDE,
    "solutions/mistakes/1a/subtle.py": SUBTLE,
    "solutions/mistakes/1a/messages.txt": KEPT,
}


def _write(root: Path, changed: dict[str, str]) -> Coursework:
    mini.write_files(root, {**FILES, **changed})
    coursework = mini.write_coursework(root / "other")
    return Coursework(root, "Numbers", coursework.tasks[:1])


def _prove(coursework: Coursework) -> Proofs:
    book = rules.read_rules(coursework)
    assert book is not None
    return find_proofs(coursework, book)


def _find_drift(coursework: Coursework) -> list[str]:
    book = rules.read_rules(coursework)
    assert book is not None
    return rules.find_drift(coursework, book)


def test_rules_agree_with_their_sentences(tmp_path: Path) -> None:
    """Where each clause is quoted, and each quotation stands, nothing is said."""
    assert _find_drift(_write(tmp_path, {})) == []


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        (
            "solutions/rules.toml",
            '"Twice the number."',
            '"Twice."',
            [
                "1a/twice: neither docstring nor brief says 'Twice.'.",
                "1a: nothing quotes 'Twice the number.' of double().",
            ],
        ),
        (
            "assignment/doubling.py",
            "Twice the number.",
            "Twice the number. Negative ones too.",
            ["1a: nothing quotes 'Negative ones too.' of double()."],
        ),
        (
            "assignment/README.md",
            "Halves stay halves.",
            "Halves stay halves, and thirds thirds.",
            [
                "1a/halves: neither docstring nor brief says 'Halves stay halves.'.",
                "brief, Rulings: nothing quotes 'Halves stay halves,'.",
                "brief, Rulings: nothing quotes 'and thirds thirds.'.",
            ],
        ),
        (
            "assignment/README.md",
            "## Rulings",
            "## Other rulings",
            ["brief: nothing stands under a heading 'Rulings'."],
        ),
        (
            "solutions/rules.toml",
            '"A number;"',
            '"A number; or none"',
            [
                "1a: neither docstring nor brief says 'A number; or none'.",
                "1a: nothing quotes 'A number;' of double().",
            ],
        ),
    ],
    ids=["rule", "docstring", "brief", "heading", "explained"],
)
def test_drift_is_told(
    file: str, before: str, after: str, told: list[str], tmp_path: Path
) -> None:
    """A rule without its sentence and a sentence without its rule are both told."""
    assert before in FILES[file]
    changed = {file: FILES[file].replace(before, after)}
    assert _find_drift(_write(tmp_path, changed)) == told


def test_rule_has_its_checks_and_mistakes(tmp_path: Path) -> None:
    """Checks and mistakes are counted for each rule that they name."""
    proofs = _prove(_write(tmp_path, {}))
    counts = {proof.rule.id: count(proof) for proof in proofs.proofs}
    assert counts == {"twice": (2, 0, 2, 1), "halves": (2, 0, 1, 1)}
    assert (proofs.num_checks, len(proofs.trials)) == (3, 2)


def test_mistake_is_subtle_that_passes_half_of_the_public_checks(
    tmp_path: Path,
) -> None:
    """A check that was not reached is none that passed."""
    trials = _prove(_write(tmp_path, {})).trials
    subtle = {trial.mistake.name: trial.is_subtle for trial in trials}
    assert subtle == {"1a/crude": False, "1a/subtle": True}


def test_check_that_catches_no_mistake_of_its_rule_is_told(tmp_path: Path) -> None:
    """What a check claims to be about is shown by a mistake, or is not proved."""
    proofs = _prove(_write(tmp_path, {}))
    value = "public/doubling::test_value"
    assert proofs.unmoved == [f"{value} (1a/twice)", f"{value} (1a/halves)"]
    assert not proofs.holds


def test_mistake_that_only_checks_of_other_rules_catch_is_told(
    tmp_path: Path,
) -> None:
    """A mistake is caught by a check that is about the rule it breaks."""
    proofs = _prove(_write(tmp_path, {}))
    assert proofs.astray == ["1a/subtle (1a/twice)"]
    assert proofs.several == ["1a/subtle (twice, halves)"]


def test_empty_rules_are_told(tmp_path: Path) -> None:
    """A rule without a check, a mistake or a subtle one is named."""
    suite = SUITE.replace('"twice", ', "").replace('"twice"', '"halves"')
    changed = {
        "solutions/mistakes/1a/crude.py": CRUDE.replace("twice", "halves"),
        "solutions/mistakes/1a/subtle.py": SUBTLE.replace(
            "twice,\n    halves", "halves"
        ),
        "tests/public/test_doubling.py": suite,
    }
    proofs = _prove(_write(tmp_path, changed))
    wanting = (proofs.without_check, proofs.without_mistake, proofs.without_subtle)
    assert wanting == (["1a/twice"],) * 3
    assert not proofs.holds


def test_hidden_checks_alone_are_too_late(tmp_path: Path) -> None:
    """A rule that hidden checks alone are about has no check that students see."""
    suite = SUITE.replace('("twice", "halves")', '"twice"')
    public, _, half = suite.partition('@pytest.mark.check("1a", marks=0.5, rules="halv')
    hidden = f'import pytest\n@pytest.mark.check("1a", marks=0.5, rules="halv{half}'
    changed = {
        "tests/public/test_doubling.py": public,
        "tests/hidden/test_doubling.py": hidden,
    }
    assert _prove(_write(tmp_path, changed)).without_check == ["1a/halves"]


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        (
            "solutions/mistakes/1a/crude.py",
            CRUDE.replace("twice", "thrice"),
            "crude.py names 'thrice', which is no rule of 1a. .* twice, halves",
        ),
        (
            "solutions/mistakes/1a/crude.py",
            '"""It returns nothing."""\n',
            "mistake .*crude.py names no rule of 1a. Its rules are twice, halves",
        ),
        (
            "tests/public/test_doubling.py",
            SUITE.replace('rules="twice"', 'rules="size"'),
            "check public/doubling::test_kind names 'size', which is no rule of 1a",
        ),
        (
            "tests/public/test_doubling.py",
            SUITE.replace('rules="twice"', "rules=TWICE"),
            "line 5: the marker of test_kind must hold literals only",
        ),
        (
            "solutions/rules.toml",
            RULES.replace('["1a".rules]', '["1c".rules]'),
            "rules.toml cannot be used: there is no task '1c'",
        ),
        (
            "solutions/rules.toml",
            RULES.replace('["Double a number", ', '["Double a number", 2, '),
            "rules.toml cannot be used: a list of texts is expected",
        ),
        (
            "solutions/rules.toml",
            RULES.replace("No check can wait so long.", ""),
            "1a/size has not says and because, or no reason",
        ),
        ("solutions/rules.toml", "headings = [", "rules.toml cannot be used"),
    ],
    ids=[
        *("unknown-in-mistake", "none-in-mistake", "unknown-in-check", "computed"),
        *("unknown-task", "number", "no-reason", "no-toml"),
    ],
)
def test_what_is_declared_wrong_is_refused(
    file: str, text: str, told: str, tmp_path: Path
) -> None:
    """Whoever misspells a rule is told where, and what rules there are."""
    with pytest.raises(UsageError, match=told):
        _prove(_write(tmp_path, {file: text}))


def test_table_is_printed_and_written(tmp_path: Path) -> None:
    """A line a rule: what is there, what is wanting; the same is written as CSV."""
    text = io.StringIO()
    console = Console(file=text, width=88, markup=False)
    coursework = _write(tmp_path, {})
    assert not rule_table.tell(console, coursework, tmp_path / "out")
    told = [line.split() for line in text.getvalue().splitlines()]
    assert ["twice", "2", "0", "2", "1"] in told
    assert "1a/size is not checked: No check can wait so long." in text.getvalue()
    assert "2 rules, 3 checks that are about them, 2 mistakes" in text.getvalue()
    written = (tmp_path / "out" / rule_table.FILE).read_text("utf-8")
    rows = list(csv.DictReader(written.splitlines()))
    assert [row["rule"] for row in rows] == ["twice", "halves"]
    assert rows[1]["mistakes"] == "1a/subtle"


def test_coursework_without_rules_has_none_to_hold(tmp_path: Path) -> None:
    """Nothing is printed or written of rules that nobody states."""
    coursework = _write(tmp_path, {})
    (coursework.solutions / rules.FILE).unlink()
    text = io.StringIO()
    console = Console(file=text)
    assert rule_table.tell(console, coursework, tmp_path / "out")
    assert text.getvalue() == ""
    assert not (tmp_path / "out").exists()


def test_docstring_states_what_is_no_heading_and_no_example() -> None:
    """Headings, names of arguments, examples and sources state nothing."""
    docstring = """Do it.

    Args:
        one: The first,
            on two lines.
        *rest: Others.

    Raises:
        ValueError: It is wrong.

    Source:
        Page 1.
    """
    stated = read_docstring(docstring)
    assert stated == "Do it. The first, on two lines. Others. It is wrong."


def test_rows_of_a_table_are_clauses() -> None:
    """A row that nobody quotes is found, and the line below the heading is no row."""
    page = "## A\n\n| x | y |\n|---|--:|\n| 1 | 2 |\n| 3 | 4.5 |\n\n## B\n\n6\n"
    section = read_section(page, "A")
    assert find_unquoted(section, ["| 1 | 2 |"]) == ["| x | y |", "| 3 | 4.5 |"]
