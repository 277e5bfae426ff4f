"""Proofs: what mistakes show of the checks of each rule.

A mistake's kept messages (`golden`) say which checks caught it; what waits for those
was not reached. So nothing has to be marked to know what is proved.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from reelmark.errors import UsageError
from reelmark.manifest import Coursework
from reelmark.verification import golden
from reelmark.verification.cases import Mistake, read_mistakes
from reelmark.verification.claims import Claim, read_claims
from reelmark.verification.rules import Rule, Rulebook


@dataclass(frozen=True)
class Trial:
    """A mistake, and what its task's checks say of it.

    Attributes:
        mistake: The mistake.
        caught: Ids of the checks that caught it.
        is_subtle: Whether at least half of its task's public checks pass: it is right
            on the easy half.
    """

    mistake: Mistake
    caught: frozenset[str]
    is_subtle: bool


@dataclass(frozen=True)
class Proof:
    """A rule, and what is there to prove that it is checked.

    Attributes:
        rule: The rule.
        claims: The checks that are about it.
        trials: The mistakes that break it.
    """

    rule: Rule
    claims: tuple[Claim, ...]
    trials: tuple[Trial, ...]

    @property
    def public(self) -> tuple[Claim, ...]:
        """Its checks that students see."""
        return tuple(claim for claim in self.claims if not claim.hidden)

    @property
    def subtle(self) -> tuple[Trial, ...]:
        """Its mistakes that are right on the easy half."""
        return tuple(trial for trial in self.trials if trial.is_subtle)

    @property
    def unmoved(self) -> tuple[Claim, ...]:
        """Its checks that catch none of its mistakes."""
        caught = {check for trial in self.trials for check in trial.caught}
        return tuple(claim for claim in self.claims if claim.check not in caught)


@dataclass(frozen=True)
class Proofs:
    """The proofs of all rules, in the order of the rulebook."""

    proofs: tuple[Proof, ...]

    @property
    def without_check(self) -> list[str]:
        """Rules that no public check is about; hidden ones alone come too late."""
        return [proof.rule.name for proof in self.proofs if not proof.public]

    @property
    def without_mistake(self) -> list[str]:
        """Rules that no mistake breaks."""
        return [proof.rule.name for proof in self.proofs if not proof.trials]

    @property
    def without_subtle(self) -> list[str]:
        """Rules that only crude mistakes break."""
        return [proof.rule.name for proof in self.proofs if not proof.subtle]

    @property
    def unmoved(self) -> list[str]:
        """Checks that catch no mistake of a rule that they are about."""
        return [
            f"{claim.check} ({proof.rule.name})"
            for proof in self.proofs
            for claim in proof.unmoved
        ]

    @property
    def astray(self) -> list[str]:
        """Mistakes that no check of a rule which they break has caught."""
        claimed = {
            (proof.rule.name, claim.check)
            for proof in self.proofs
            for claim in proof.claims
        }
        return [
            f"{trial.mistake.name} ({rule})"
            for trial in self.trials
            for rule in _names(trial.mistake)
            if not any((rule, check) in claimed for check in trial.caught)
        ]

    @property
    def several(self) -> list[str]:
        """Mistakes that break several rules."""
        found = (trial.mistake for trial in self.trials)
        return [f"{m.name} ({', '.join(m.breaks)})" for m in found if len(m.breaks) > 1]

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """All mistakes, each once."""
        found = (trial for proof in self.proofs for trial in proof.trials)
        return tuple({trial.mistake.name: trial for trial in found}.values())

    @property
    def num_checks(self) -> int:
        """How many checks are about rules."""
        return len({claim.check for proof in self.proofs for claim in proof.claims})

    @property
    def holds(self) -> bool:
        """Whether every rule has all that proves it, and every claim is true."""
        wanting = (self.without_check, self.without_mistake, self.without_subtle)
        return not any((*wanting, self.unmoved, self.astray))

    def to_csv(self) -> str:
        """Return a line a rule: its checks and its mistakes, counted and named."""
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(["task", "rule", "says", *_COUNTS, "checks", "mistakes"])
        table.writerows(_row(proof) for proof in self.proofs)
        return text.getvalue()


_COUNTS = ("public checks", "hidden checks", "number of mistakes", "subtle mistakes")


def count(proof: Proof) -> tuple[int, int, int, int]:
    """Return public checks, hidden checks, mistakes and subtle mistakes of a rule."""
    num_public = len(proof.public)
    num_hidden = len(proof.claims) - num_public
    return num_public, num_hidden, len(proof.trials), len(proof.subtle)


def _row(proof: Proof) -> list[object]:
    rule = proof.rule
    checks = "; ".join(claim.check for claim in proof.claims)
    mistakes = "; ".join(trial.mistake.name for trial in proof.trials)
    return [rule.task, rule.id, " / ".join(rule.says), *count(proof), checks, mistakes]


def find_proofs(coursework: Coursework, book: Rulebook) -> Proofs:
    """Return what proves each rule of a coursework.

    Raises:
        UsageError: A check or a mistake names a rule that its task does not have, or
            names none.
    """
    claims, mistakes = read_claims(coursework), read_mistakes(coursework)
    for claim in claims:
        _hold(f"The check {claim.check}", claim.task, claim.rules, book)
    for one in mistakes:
        _hold(f"The mistake {one.path}", one.task, one.breaks, book)
    trials = [_try(mistake, claims) for mistake in mistakes]
    return Proofs(tuple(_prove(rule, claims, trials) for rule in book.rules))


def _hold(what: str, task: str, named: Sequence[str], book: Rulebook) -> None:
    known = book.rules_of(task)
    if unknown := set(named) - set(known):
        told = f"names {min(unknown)!r}, which is no rule of {task}"
    elif not named:
        told = f"names no rule of {task}"
    else:
        return
    raise UsageError(f"{what} {told}. Its rules are {', '.join(known) or 'none'}.")


def _prove(rule: Rule, claims: Sequence[Claim], trials: Sequence[Trial]) -> Proof:
    about = (one for one in claims if one.task == rule.task and rule.id in one.rules)
    breaking = (trial for trial in trials if rule.name in _names(trial.mistake))
    return Proof(rule, tuple(about), tuple(breaking))


def _names(mistake: Mistake) -> list[str]:
    return [f"{mistake.task}/{rule}" for rule in mistake.breaks]


def _try(mistake: Mistake, claims: Sequence[Claim]) -> Trial:
    kept = golden.read(mistake.path.parent).get(mistake.path.stem, "")
    caught = frozenset(golden.list_checks(kept))
    own = [claim for claim in claims if claim.task == mistake.task]
    public = [claim for claim in own if not claim.hidden]
    num_passed = sum(claim.check not in caught for claim in _reached(public, caught))
    return Trial(mistake, caught, bool(caught) and 2 * num_passed >= len(public))


def _reached(claims: Sequence[Claim], caught: frozenset[str]) -> Iterator[Claim]:
    """Yield the checks that ran: what they wait for had passed."""
    stopped: set[str] = set()
    for claim in claims:
        is_reached = stopped.isdisjoint(claim.after)
        if is_reached:
            yield claim
        if not is_reached or claim.check in caught:
            stopped.add(claim.name)
