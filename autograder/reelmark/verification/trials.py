"""Trials: cases and mutants, marked sealed like a class of submissions."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from reelmark.grading.folder import prepare_folder
from reelmark.grading.run import ClassRun
from reelmark.grading.terminal import mark_with_bar
from reelmark.intake.submissions import Upload, find_uploads
from reelmark.manifest import Coursework
from reelmark.results import BROKEN, Result
from reelmark.verification import cases, matrix, mutants
from reelmark.verification.bundles import Bundle, write_bundle
from reelmark.verification.cases import Style
from reelmark.verification.mutants import Mutant
from reelmark.verification.reach import Reach


@dataclass(frozen=True)
class Trials:
    """Where cases are marked, and by what.

    What was marked before and has not changed is not marked again.

    Attributes:
        coursework: The coursework whose checks are tested.
        out: The folder that submissions and results are written to.
        console: What shows how far it is.
    """

    coursework: Coursework
    out: Path
    console: Console

    def mark_accepted(self, styles: Sequence[Style]) -> dict[str, Result]:
        """Mark submissions that are right; return the results by name."""
        folder = self._empty("accepted")
        found = [Upload(style.name, folder / style.name) for style in styles]
        for style, upload in zip(styles, found, strict=True):
            cases.write_style(style, self.coursework, upload.path)
        return self._mark("accepted", found)

    def mark_mistakes(self, bundles: Mapping[str, Bundle]) -> dict[str, Result]:
        """Mark mistakes, several in a submission; return the results by bundle."""
        folder = self._empty("mistakes")
        for name, bundle in bundles.items():
            write_bundle(bundle, self.coursework, folder / name)
        tasks = {
            name: self._tasks_in({mistake.module for mistake in bundle})
            for name, bundle in bundles.items()
        }
        return self._mark("mistakes", find_uploads(folder), tasks)

    def mark_replaced(self, bundles: Mapping[str, Bundle]) -> dict[str, Result]:
        """Mark mistakes in tasks that need others, with stand-ins for those.

        Nothing but the task of each is checked. That the tasks which it needs are
        right then is not known, so that stand-ins serve any check that does not pass.
        """
        if not bundles:
            return {}
        folder = self._empty("replaced")
        for name, bundle in bundles.items():
            write_bundle(bundle, self.coursework, folder / name)
        tasks = {name: tuple(one.task for one in b) for name, b in bundles.items()}
        return self._mark("replaced", find_uploads(folder), tasks)

    def mark_mutants(
        self, made: Sequence[Mutant], kind: str = "mutants"
    ) -> dict[str, Result]:
        """Mark mutants up to the first check that catches each; return by name."""
        folder = self._empty(kind)
        for mutant in made:
            cases.write_modules({mutant.module: mutant.text}, folder / mutant.name)
        tasks = {one.name: self._find_reached(one) for one in made}
        found = find_uploads(folder)
        return self._mark(kind, found, tasks, until_failure=True)

    def _find_reached(self, mutant: Mutant) -> tuple[str, ...]:
        """Return the tasks that can notice a mutant."""
        tasks = self.coursework.tasks_of(mutant.module)
        return Reach(tasks, mutant.text).find_tasks(mutant.line)

    def _tasks_in(self, modules: Set[str]) -> tuple[str, ...]:
        """Return the tasks of some modules, in the order of the coursework."""
        return tuple(t.id for t in self.coursework.tasks if t.module in modules)

    def _empty(self, kind: str) -> Path:
        folder = self.out / kind / "submissions"
        shutil.rmtree(folder, ignore_errors=True)
        return folder

    def _mark(
        self,
        kind: str,
        found: Sequence[Upload],
        tasks: Mapping[str, tuple[str, ...]] | None = None,
        *,
        until_failure: bool = False,
    ) -> dict[str, Result]:
        out = self.out / kind
        prepare_folder(out)
        # The cases are the coursework's own: nothing is hidden from who wrote them.
        run = ClassRun(
            self.coursework,
            out,
            is_unsafe=True,
            tasks=tasks,
            until_failure=until_failure,
        )
        title = f"marking {kind}"
        return mark_with_bar(self.console, run, found, title=title, is_quiet=True)


def judge_mistakes(
    bundles: Mapping[str, Bundle], results: Mapping[str, Result]
) -> list[matrix.Verdict]:
    """Return what marking showed of each mistake, in the order of their tasks."""
    found = [
        verdict
        for name, bundle in bundles.items()
        for verdict in matrix.find(bundle, results[name])
    ]
    order = [task.id for result in results.values() for task in result.tasks]
    return sorted(
        found, key=lambda one: (order.index(one.mistake.task), one.mistake.name)
    )


@dataclass(frozen=True)
class MutationScore:
    """What marking mutants showed.

    Attributes:
        killed: The checks that caught each mutant, by its name.
        survivors: Mutants that nothing caught and that are wrong.
        equivalent: Mutants that nothing caught, for a reason that is written down.
        faulty: Mutants that made a check fail as the kit's fault.
        stale: Reasons that speak of no survivor.
    """

    killed: Mapping[str, tuple[str, ...]]
    survivors: tuple[Mutant, ...]
    equivalent: tuple[Mutant, ...]
    faulty: tuple[Mutant, ...]
    stale: tuple[mutants.Equivalence, ...]

    @property
    def value(self) -> float:
        """The part of the mutants that are not equivalent that were caught."""
        caught = len(self.killed)
        return caught / max(1, caught + len(self.survivors))


def score_mutants(
    made: Sequence[Mutant],
    results: Mapping[str, Result],
    reasons: Sequence[mutants.Equivalence],
) -> MutationScore:
    """Return what became of each mutant; ``reasons`` are about these mutants only."""
    killed = {one.name: _catching(results[one.name]) for one in made}
    alive = [one for one in made if not killed[one.name]]
    excused = [one for one in alive if any(reason.covers(one) for reason in reasons)]
    faults = [one for one in made if results[one.name].status in BROKEN]
    return MutationScore(
        killed={name: checks for name, checks in killed.items() if checks},
        survivors=tuple(one for one in alive if one not in excused),
        equivalent=tuple(excused),
        faulty=tuple(faults),
        stale=tuple(
            each for each in reasons if not any(each.covers(one) for one in excused)
        ),
    )


def _catching(result: Result) -> tuple[str, ...]:
    checks = (check for task in result.tasks for check in task.checks)
    return tuple(check.id for check in checks if check.status in matrix.CATCHING)
