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

from kit.stage.attack_class import (
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
from kit.stage.attack_uploads import FILES, HONEST, UPLOADS, read_uploads
from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.confined import needs_walls
from reelmark.confinement.level import Level
from reelmark.grading.reference import FILE
from reelmark.results import CheckResult, Result, Status
from sample_class import MODULES, ROOT
from support.films import HIDDEN

pytestmark = needs_walls

LIMITS: dict[str, float] = {
    # Filling a gigabyte may take a second where memory is new to the machine.
    "cpu_seconds": 3,
    # A busy machine may give a process a sixth of a core.
    "wall_seconds": 20,
    "memory_bytes": 2**30,
    "scratch_bytes": 2**28,
}
LIMITS_OF_KERAS = {"cpu_seconds": 3, "wall_seconds": 20}
FOLDERS = {"results": ".json", "feedback": ".html", "instructor": ".html"}
"""The folders with a file for each student, and how these end."""

LONGEST = 200
"""Seconds that a run may take, on a slow and busy machine."""

ATTACKS = read_attacks("words", HONEST)
UPLOADED = read_uploads()
EVERY = {**ATTACKS, **UPLOADED}
HONEST_FILES = {
    name: (ROOT / "solutions" / f"{name}.py").read_text("utf-8") for name in MODULES
}
# Each hands in one module: the checks of the others cost no time.
ON_KERAS = {
    name: attack
    for module, text in HONEST_FILES.items()
    for name, attack in read_attacks(module, {module: text}).items()
}
NEIGHBOUR_OF_KERAS = {"vectorization.py": HONEST_FILES["vectorization"]}
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
        *("looks_at_what_it_shares", "makes_devices_in_its_folder"),
        *("leaves_work_for_its_next_life", "nests_folders_without_end"),
        *("speaks_to_another", "speaks_to_another_listener", "closed_files"),
        *("path_of_four_thousand_bytes", "link_to_nowhere_at_length"),
    )
}


@dataclass(frozen=True)
class Graded:
    """A class that was graded.

    Attributes:
        after: What is there afterwards.
        students: The names that the attacks were marked under.
        on_keras: Whether it is a class of this repository's own coursework.
    """

    after: Aftermath
    students: dict[str, str]
    on_keras: bool

    def result(self, attack: str) -> Result:
        """Return the result of an attack."""
        return self.after.results[self.students[attack]]


Grade = Callable[..., Graded]


@pytest.fixture(scope="module")
def grade() -> Iterator[Grade]:
    """Grades a class of attackers, and removes all of it in the end."""
    with ExitStack() as stack:

        def run(
            names: Collection[str], user: int | None = None, *, on_keras: bool = False
        ) -> Graded:
            arena = make_arena()
            stack.callback(subprocess.run, ["rm", "-rf", "--", arena], check=False)
            places = {name: _hand_in(name, arena) for name in names}
            for name in NEIGHBOURS:
                own = NEIGHBOUR_OF_KERAS if on_keras else FILES
                write_files(arena / "submissions" / name, own)
            by_path = {path: name for name, path in find_students(arena).items()}
            students = {name: by_path[path] for name, path in places.items()}
            coursework = ROOT if on_keras else OTHER_COURSEWORK
            limits = LIMITS_OF_KERAS if on_keras else LIMITS
            after = run_class(arena, coursework, user=user, **limits)
            return Graded(after, students, on_keras)

        yield run


def _hand_in(name: str, arena: Path) -> Path:
    if name in UPLOADS:
        return UPLOADS[name](arena / "submissions")
    own = arena / "submissions" / name
    write_files(own, {**ATTACKS, **ON_KERAS}[name].files)
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


@pytest.fixture(scope="module")
def attacked_on_keras(grade: Grade) -> Graded:
    """Every attack on this repository's own coursework."""
    return grade(ON_KERAS, on_keras=True)


@pytest.fixture(params=["this-user", "ordinary-user", "keras"])
def graded(request: pytest.FixtureRequest) -> Graded:
    """A class of attackers: each of those that were graded."""
    fixtures = {
        "this-user": "attacked",
        "ordinary-user": "attacked_by_another",
        "keras": "attacked_on_keras",
    }
    graded: Graded = request.getfixturevalue(fixtures[request.param])
    return graded


def _earned(result: Result) -> dict[str, tuple[float, Status]]:
    return {task.id: (task.marks, task.status) for task in result.tasks}


def _checks_of(result: Result, module: str) -> list[CheckResult]:
    checks = [check for task in result.tasks for check in task.checks]
    return [check for check in checks if f"/{module}::" in check.id]


def _told(result: Result) -> str:
    """Return what the author of an attack is told, on one line."""
    checks = [check for task in result.tasks for check in task.checks]
    messages = [c.message for c in checks if c.status is not Status.NOT_CHECKED]
    return _one_line(" ".join((*messages, *result.notes)))


def _one_line(text: str) -> str:
    return " ".join(text.split())


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
        assert _one_line(words) in told


@pytest.mark.parametrize("name", COMPACT)
def test_attack_on_an_ordinary_users_run_earns_the_same(
    name: str, attacked_by_another: Graded
) -> None:
    """Without root, an attack has the same marks and is told the same."""
    result = attacked_by_another.result(name)
    assert _earned(result) == COMPACT[name].tasks, _told(result)
    assert all(_one_line(words) in _told(result) for words in COMPACT[name].told)


@pytest.mark.parametrize("name", ON_KERAS)
def test_attack_on_keras_earns_what_is_honest_in_it(
    name: str, attacked_on_keras: Graded
) -> None:
    """With models, datasets and figures too, lies earn nothing."""
    result, attack = attacked_on_keras.result(name), ON_KERAS[name]
    nothing = dict.fromkeys(_earned(result), (0, Status.FAILED))
    assert _earned(result) == {**nothing, **attack.tasks}, _told(result)
    assert all(_one_line(words) in _told(result) for words in attack.told)


@pytest.mark.parametrize("neighbour", NEIGHBOURS)
def test_neighbours_notice_nothing(
    neighbour: str, graded: Graded, undisturbed: Graded
) -> None:
    """Honest work between attackers has the result that it has by itself."""
    found = graded.after.results[neighbour]
    if graded.on_keras:
        states = {check.status for check in _checks_of(found, "vectorization")}
        assert (found.total, states) == (8, {Status.PASSED})
        return
    expected = undisturbed.after.results[neighbour]
    assert without_circumstances(found) == without_circumstances(expected)
    assert (found.total, found.status) == (5, Status.PASSED)


def test_everybody_has_a_result(graded: Graded) -> None:
    """Whoever attacks, each submission is marked."""
    assert set(graded.after.results) == {*graded.students.values(), *NEIGHBOURS}


def test_everybody_was_confined(graded: Graded) -> None:
    """The best level held for every worker."""
    levels = {result.confinement for result in graded.after.results.values()}
    assert levels == {Level.LANDLOCK_SECCOMP.value}


def test_nothing_outside_changes(graded: Graded) -> None:
    """What was handed in, the kit, the coursework and the bait are as before."""
    assert graded.after.changed == ()


def test_no_process_is_left(graded: Graded) -> None:
    """Seconds after a run, none of its processes is there."""
    assert graded.after.left == ()


def test_run_ends_in_time(graded: Graded) -> None:
    """The run ends by itself, as a run that went well, and says nothing."""
    assert (graded.after.exit_code, graded.after.output) == (0, "")
    assert graded.after.seconds < LONGEST


def test_results_are_the_kits_files_only(graded: Graded) -> None:
    """There are a result, pages and modules of each student, and no more."""
    found = [Path(path) for path in graded.after.paths]
    tops = {path.parts[0] for path in found} - {FILE}
    assert tops == {*FOLDERS, "sources", "grades.csv", "index.html"}
    students = len(graded.after.results)
    for folder, suffix in FOLDERS.items():
        names = [path.suffix for path in found if path.parts[0] == folder][1:]
        assert names == [suffix] * students
    marked = {path.stem for path in found if path.parts[0] == "results"}
    kept = [path for path in found if path.parts[0] == "sources"][1:]
    assert {path.parts[1] for path in kept} <= marked
    files = [path for path in kept if (graded.after.out / path).is_file()]
    assert {path.suffix for path in files} == {".py"}


@pytest.mark.parametrize("separator", [",", ";"])
def test_grades_have_a_row_a_student(separator: str, graded: Graded) -> None:
    """No name makes a row of its own, or a formula, of the grades."""
    with (graded.after.out / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter=separator))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(rows) == len(graded.after.results) + 1
    assert not [cell for row in rows for cell in row if cell[:1] in [*"=+-@\t\r"]]


def test_hidden_inputs_stay_hidden(attacked: Graded) -> None:
    """Nothing that a student is given holds the input of a hidden check."""
    pages = [*attacked.after.out.glob("feedback/*")]
    assert len(pages) == len(attacked.after.results)
    for path in pages:
        assert "s e  c r e t" not in path.read_text("utf-8", errors="replace"), path


def test_hidden_films_stay_hidden(attacked_on_keras: Graded) -> None:
    """Nothing that a student is given names a hidden film."""
    pages = attacked_on_keras.after.out.glob("feedback/*")
    told = [page.read_text("utf-8") for page in pages]
    assert len(told) == len(attacked_on_keras.after.results)
    for film in HIDDEN.table["Id"]:
        assert not [text for text in told if film in text]


def test_pages_run_nothing_of_a_students(graded: Graded) -> None:
    """No page holds a tag that a student wrote."""
    pages = [*graded.after.out.glob("feedback/*.html"), graded.after.out / "index.html"]
    for page in pages:
        text = page.read_text("utf-8", errors="replace")
        assert not [tag for tag in ("<script>alert", "<img") if tag in text], page
