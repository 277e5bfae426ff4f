"""Every rule of the brief has a check, and a mistake that proves it.

Nothing is marked here: the messages that are kept of the mistakes say which checks
caught them, and `test_suites` holds these.
"""

from __future__ import annotations

import pytest

from kit.stage.classes import real_coursework
from reelmark.verification import rules
from reelmark.verification.claims import read_claims
from reelmark.verification.proofs import Proofs, find_proofs
from reelmark.verification.rules import Rulebook

COURSEWORK = real_coursework()


@pytest.fixture(scope="module")
def book() -> Rulebook:
    """The rules of the coursework."""
    found = rules.read_rules(COURSEWORK)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def proofs(book: Rulebook) -> Proofs:
    """What proves each of them."""
    return find_proofs(COURSEWORK, book)


def test_rules_are_in_the_words_of_the_brief(book: Rulebook) -> None:
    """Each rule quotes its sentence, and each sentence is quoted."""
    assert rules.find_drift(COURSEWORK, book) == []


def test_every_task_has_rules(book: Rulebook) -> None:
    """No task is left out."""
    assert {r.task for r in book.rules} == {task.id for task in COURSEWORK.tasks}


def test_every_rule_has_a_public_check(proofs: Proofs) -> None:
    """Students can see that a rule is checked."""
    assert proofs.without_check == []


def test_every_rule_has_a_mistake(proofs: Proofs) -> None:
    """Somebody who breaks the rule is caught, and a mistake shows it."""
    assert proofs.without_mistake == []


def test_every_rule_has_a_subtle_mistake(proofs: Proofs) -> None:
    """One of its mistakes is right on the easy half of the public checks."""
    assert proofs.without_subtle == []


def test_checks_catch_mistakes_of_their_rules(proofs: Proofs) -> None:
    """What a check says it is about is what it notices."""
    assert proofs.unmoved == []


def test_mistakes_are_caught_by_checks_of_their_rules(proofs: Proofs) -> None:
    """A mistake is not caught by chance, in a check that is about something else."""
    assert proofs.astray == []


def test_every_check_is_about_a_rule(proofs: Proofs) -> None:
    """No check decides marks that no rule asks for."""
    assert proofs.num_checks == len(read_claims(COURSEWORK))
