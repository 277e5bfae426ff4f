"""Attacks: classes of attackers between honest neighbours, as root and as another.

What each attack tries, and what the honest part of it earns, is told by the attack
itself: the files in ``tests/kit/attacks/``, and `attack_uploads`.
"""

from __future__ import annotations

import csv
import os
import subprocess
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from kit.attack_class import (
    NEIGHBOURS,
    ORDINARY,
    Aftermath,
    find_students,
    make_arena,
    read_attacks,
    run_class,
    without_circumstances,
    write_files,
)
from kit.attack_uploads import FILES, HONEST, UPLOADS, read_uploads
from kit.classes import OTHER_COURSEWORK
from kit.confined import needs_walls
from reelmark.confine import Level
from reelmark.results import Result, Status

pytestmark = needs_walls

LIMITS = {"cpu_seconds": 1, "wall_seconds": 5}
LONGEST = 120
"""Seconds that a run may take, on a slow and busy machine."""

ATTACKS = read_attacks("words", HONEST)
UPLOADED = read_uploads()
EVERY = {**ATTACKS, **UPLOADED}
# Those that meet other walls, or leave other traces, where nobody is root.
COMPACT = {
    name: EVERY[name]
    for name in (
        *("changes_files_outside", "changes_modes_outside", "reads_the_solution"),
        *("looks_at_its_parent", "kills_its_parent", "leaves_processes_behind"),
        *("forks_without_end", "reaches_the_network", "makes_many_small_files"),
        *("makes_its_folder_undeletable", "writes_to_inherited_descriptors"),
        *("burns_on_in_a_thread", "exits_at_once", "crashes_the_interpreter"),
        *("links_in_a_folder", "zip_leads_out", "name_without_encoding"),
    )
}


@dataclass(frozen=True)
class Graded:
    """A class that was graded.

    Attributes:
        after: What is there afterwards.
        students: The names that the attacks were marked under.
    """

    after: Aftermath
    students: dict[str, str]

    def result(self, attack: str) -> Result:
        """Return the result of an attack."""
        return self.after.results[self.students[attack]]


Grade = Callable[..., Graded]


@pytest.fixture(scope="module")
def grade() -> Iterator[Grade]:
    """Grades a class of attackers, and removes all of it in the end."""
    with ExitStack() as stack:

        def run(names: Collection[str], user: int | None = None) -> Graded:
            arena = make_arena()
            stack.callback(subprocess.run, ["rm", "-rf", "--", arena], check=False)
            places = {name: _hand_in(name, arena) for name in names}
            for name in NEIGHBOURS:
                write_files(arena / "submissions" / name, FILES)
            by_path = {path: name for name, path in find_students(arena).items()}
            students = {name: by_path[path] for name, path in places.items()}
            after = run_class(arena, OTHER_COURSEWORK, user=user, **LIMITS)
            return Graded(after, students)

        yield run


def _hand_in(name: str, arena: Path) -> Path:
    if name in UPLOADS:
        return UPLOADS[name](arena / "submissions")
    own = arena / "submissions" / name
    write_files(own, ATTACKS[name].files)
    return own


@pytest.fixture(scope="module")
def undisturbed(grade: Grade) -> Graded:
    """The neighbours, graded by themselves."""
    return grade(())


@pytest.fixture(scope="module")
def attacked(grade: Grade) -> Graded:
    """Every attack, graded as whoever runs the tests."""
    return grade(EVERY)


@pytest.fixture(scope="module")
def attacked_by_another(grade: Grade) -> Graded:
    """A selection of attacks, graded as an ordinary user."""
    if os.geteuid() != 0:
        pytest.skip("the tests are run by an ordinary user already")
    return grade(COMPACT, ORDINARY)


@pytest.fixture(params=["this-user", "ordinary-user"])
def either(request: pytest.FixtureRequest) -> Graded:
    """A class of attackers, whoever graded it."""
    name = {"this-user": "attacked", "ordinary-user": "attacked_by_another"}
    graded: Graded = request.getfixturevalue(name[request.param])
    return graded


def _earned(result: Result) -> dict[str, tuple[float, Status]]:
    return {task.id: (task.marks, task.status) for task in result.tasks}


def _told(result: Result) -> str:
    messages = [check.message for task in result.tasks for check in task.checks]
    return "\n".join((*messages, *result.notes))


@pytest.mark.parametrize("name", EVERY)
def test_attack_earns_what_is_honest_in_it(name: str, attacked: Graded) -> None:
    """An attack has the marks of its honest part, and a state that names it."""
    attack = EVERY[name]
    result = attacked.result(name)
    assert _earned(result) == attack.tasks, _told(result)


@pytest.mark.parametrize(
    "name", [name for name, attack in EVERY.items() if attack.told]
)
def test_attack_is_told_how_it_ended(name: str, attacked: Graded) -> None:
    """The feedback on an attack says in words what it met."""
    told = _told(attacked.result(name))
    for words in EVERY[name].told:
        assert words in told


@pytest.mark.parametrize("name", COMPACT)
def test_attack_on_an_ordinary_users_run_earns_the_same(
    name: str, attacked_by_another: Graded
) -> None:
    """Without root, an attack has the same marks and is told the same."""
    result = attacked_by_another.result(name)
    assert _earned(result) == COMPACT[name].tasks, _told(result)
    assert all(words in _told(result) for words in COMPACT[name].told), _told(result)


@pytest.mark.parametrize("neighbour", NEIGHBOURS)
def test_neighbours_notice_nothing(
    neighbour: str, either: Graded, undisturbed: Graded
) -> None:
    """Honest work between attackers has the result that it has by itself."""
    found = either.after.results[neighbour]
    expected = undisturbed.after.results[neighbour]
    assert without_circumstances(found) == without_circumstances(expected)
    assert (found.total, found.status) == (5, Status.PASSED)


def test_everybody_has_a_result(either: Graded) -> None:
    """Whoever attacks, each submission is marked."""
    assert set(either.after.results) == {*either.students.values(), *NEIGHBOURS}


def test_everybody_was_confined(either: Graded) -> None:
    """The best level held for every worker."""
    levels = {result.confinement for result in either.after.results.values()}
    assert levels == {Level.LANDLOCK_SECCOMP.value}


def test_nothing_outside_changes(either: Graded) -> None:
    """What was handed in, the kit, the coursework and the bait are as before."""
    assert either.after.changed == ()


def test_no_process_is_left(either: Graded) -> None:
    """Seconds after a run, none of its processes is there."""
    assert either.after.left == ()


def test_run_ends_in_time(either: Graded) -> None:
    """The run ends by itself, as a run that went well, and says nothing."""
    assert (either.after.exit_code, either.after.output) == (0, "")
    assert either.after.seconds < LONGEST


def test_results_are_the_kits_files_only(either: Graded) -> None:
    """The folder of results holds a result and a page a student, and no more."""
    found = [Path(path) for path in either.after.paths]
    tops = {path.parts[0] for path in found}
    assert tops == {"results", "feedback", "grades.csv", "index.html"}
    students = len(either.after.results)
    for folder, suffix in (("results", ".json"), ("feedback", ".html")):
        names = [path.suffix for path in found if path.parts[0] == folder][1:]
        assert names == [suffix] * students


def test_grades_have_a_row_a_student(either: Graded) -> None:
    """No name makes a row of its own, or a formula, of the grades."""
    with (either.after.out / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [len(row) for row in rows] == [5] * (len(either.after.results) + 1)
    assert not [row[0] for row in rows if row[0][:1] in "=+-@\t\r"]
    totals = {row[0]: float(row[3]) for row in rows[1:]}
    assert all(totals[neighbour] == 5 for neighbour in NEIGHBOURS)


def test_pages_run_nothing_of_a_students(either: Graded) -> None:
    """No page holds a tag that a student wrote."""
    pages = [*either.after.out.glob("feedback/*.html"), either.after.out / "index.html"]
    for page in pages:
        text = page.read_text("utf-8", errors="replace")
        assert not [tag for tag in ("<script>alert", "<img") if tag in text], page
