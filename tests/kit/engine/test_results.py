"""Results: what is added up and written, and what names cannot do to it."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
from pathlib import Path

import pytest

from reelmark import results
from reelmark.results import CheckResult, Result, Status


def make_check(status: Status = Status.PASSED, marks: float = 1.0) -> CheckResult:
    """Return a check worth one mark."""
    return CheckResult(
        "test_crumb", "The crumb is even.", False, status, marks, 1, "", 0
    )


def make_result(student: str = "Ada", marks: float = 1.0) -> Result:
    """Return a submission of one task of one check."""
    task = results.summarise_task("1a", "Bake a loaf", [make_check(marks=marks)])
    return results.summarise(student, [task], notes=("A note.",), fingerprint="f00d")


def read_grades(path: Path) -> list[list[str]]:
    """Read a CSV file as a spreadsheet would."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_worst_status_prefers_the_worse_news() -> None:
    """A group shows the worst state it holds, in the order of the states."""
    order = list(Status)
    found = [results.worst_status(order[i:]) for i in range(len(order))]
    assert found == order


@pytest.mark.parametrize("status", Status)
def test_no_state_is_folded_into_a_pass(status: Status) -> None:
    """Beside a check that passed, every other state still shows."""
    assert results.worst_status([Status.PASSED, status]) is status


def test_nothing_checked_is_not_a_pass() -> None:
    """A submission without tasks, such as a refused archive, is not checked."""
    assert results.summarise("Ada", []).status is Status.NOT_CHECKED


def test_task_adds_its_checks_up() -> None:
    """A task is worth what its checks are worth, and shows its worst state."""
    checks = [make_check(), make_check(Status.FAILED, marks=0.0)]
    task = results.summarise_task("1a", "Bake a loaf", checks)
    assert (task.marks, task.max, task.status) == (1.0, 2.0, Status.FAILED)


def test_marks_of_what_needs_a_look_are_open() -> None:
    """They count neither as earned nor as lost, in the check, the task and the sum."""
    checks = [make_check(), make_check(Status.NEEDS_A_LOOK, marks=0.0)]
    task = results.summarise_task("1a", "Bake a loaf", checks)
    assert [check.open for check in checks] == [0, 1]
    assert (task.marks, task.max, task.open) == (1, 2, 1)
    assert results.summarise("Ada", [task, task]).open == 2


def test_marks_are_rounded_to_two_decimals() -> None:
    """Thirds of a mark add up to a mark that a reader can check by hand."""
    checks = [make_check(marks=1 / 3), make_check(marks=1 / 3)]
    assert results.summarise_task("1a", "Bake a loaf", checks).marks == 0.67


def test_total_is_the_sum_of_what_the_tasks_show() -> None:
    """The total adds the rounded marks, so that the page adds up on paper."""
    task = results.summarise_task("1a", "Bake a loaf", [make_check(marks=1 / 3)])
    assert results.summarise("Ada", [task, task]).total == 0.66


def test_result_survives_writing_and_reading(tmp_path: Path) -> None:
    """Reading a result gives what was written."""
    path = tmp_path / "results" / "Ada.json"
    results.write_result(make_result(), path)
    assert results.read_result(path) == make_result()


def test_result_has_the_documented_keys(tmp_path: Path) -> None:
    """The keys of a result are those of the documented schema."""
    path = tmp_path / "Ada.json"
    results.write_result(make_result(), path)
    keys = (
        "schema student total max open status tasks notes remarks fingerprint "
        "confinement"
    )
    assert sorted(json.loads(path.read_text())) == sorted(keys.split())


def test_task_has_the_documented_keys(tmp_path: Path) -> None:
    """The keys of a task are those of the documented schema."""
    path = tmp_path / "Ada.json"
    results.write_result(make_result(), path)
    (task,) = json.loads(path.read_text())["tasks"]
    keys = "id title marks max open status checks adjusted fingerprint"
    assert sorted(task) == sorted(keys.split())


def test_check_has_the_documented_keys(tmp_path: Path) -> None:
    """The keys of a check are those of the documented schema."""
    path = tmp_path / "Ada.json"
    results.write_result(make_result(), path)
    (check,) = json.loads(path.read_text())["tasks"][0]["checks"]
    keys = (
        "id title hidden status marks max message seconds fault detail raised "
        "printed because adjusted own"
    )
    assert sorted(check) == sorted(keys.split())


def test_undecodable_name_survives_writing_and_reading(tmp_path: Path) -> None:
    """A folder name that is not UTF-8 still gets its result."""
    result = make_result(os.fsdecode(b"Zo\xeb"))
    results.write_result(result, tmp_path / "result.json")
    assert results.read_result(tmp_path / "result.json") == result


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="no JSON"),
        pytest.param("[]", id="no object"),
        pytest.param('{"schema": 1}', id="keys missing"),
        pytest.param('{"schema": 1, "tasks": ["x"]}', id="a task that is none"),
    ],
)
def test_bad_result_is_named(text: str, tmp_path: Path) -> None:
    """Anything but a result of this version is refused, naming the file."""
    path = tmp_path / "Ada.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"Ada\.json is not a result"):
        results.read_result(path)


def test_unknown_status_is_named(tmp_path: Path) -> None:
    """A state that this version does not know is refused by the file's name."""
    path = tmp_path / "Ada.json"
    results.write_result(make_result(), path)
    path.write_text(path.read_text().replace('"passed"', '"perfect"'))
    with pytest.raises(ValueError, match=r"Ada\.json.*perfect"):
        results.read_result(path)


def test_other_schema_is_named(tmp_path: Path) -> None:
    """The result of another version is refused by the file's name."""
    path = tmp_path / "Ada.json"
    results.write_result(make_result(), path)
    path.write_text(path.read_text().replace('"schema": 2', '"schema": 1'))
    with pytest.raises(ValueError, match=r"Ada\.json.*its schema is 1, not 2"):
        results.read_result(path)


def test_undecodable_file_is_named(tmp_path: Path) -> None:
    """A file that is not UTF-8 is refused by its name."""
    path = tmp_path / "Ada.json"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=r"Ada\.json is not a result"):
        results.read_result(path)


def test_grades_have_a_column_per_task(tmp_path: Path) -> None:
    """The class as CSV: student, a column per task, total, open, status, by hand."""
    results.write_grades([make_result()], ["1a", "1b"], tmp_path / "grades.csv")
    assert read_grades(tmp_path / "grades.csv") == [
        ["student", "1a", "1b", "total", "open", "status", "by hand"],
        ["Ada", "1.0", "0.0", "1.0", "0.0", "passed", ""],
    ]


def test_grades_tell_what_was_set_by_hand(tmp_path: Path) -> None:
    """A column says which marks were set by hand, from what value, and why."""
    told = results.Adjustment(1.0, "The question was withdrawn.", "Dr Lee")
    (task,) = make_result().tasks
    adjusted = results.total_up(
        make_result(), [dataclasses.replace(task, marks=2.5, adjusted=told)]
    )
    results.write_grades([adjusted], ["1a"], tmp_path / "grades.csv")
    row = read_grades(tmp_path / "grades.csv")[1]
    assert row[1] == "2.5"
    assert row[-1] == "1a: 2.5, found 1 (Dr Lee: The question was withdrawn.)"


def test_adjustment_survives_writing_and_reading(tmp_path: Path) -> None:
    """What was told of a mark set by hand can be compared with the next time."""
    told = results.Adjustment(1.0, "The question was withdrawn.", "Dr Lee")
    (task,) = make_result().tasks
    checks = [dataclasses.replace(check, adjusted=told) for check in task.checks]
    tasks = [dataclasses.replace(task, checks=tuple(checks), adjusted=told)]
    adjusted = results.total_up(make_result(), tasks)
    results.write_result(adjusted, tmp_path / "Ada.json")
    assert results.read_result(tmp_path / "Ada.json") == adjusted


def test_nothing_for_instructors_is_left_for_students() -> None:
    """A result for students has no details, and is the same otherwise."""
    (task,) = make_result().tasks
    checks = tuple(dataclasses.replace(c, detail="expected 7") for c in task.checks)
    known = results.total_up(make_result(), [dataclasses.replace(task, checks=checks)])
    assert results.for_student(known) == make_result()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_name_is_no_formula(start: str, tmp_path: Path) -> None:
    """A spreadsheet reads no name as a formula."""
    path = tmp_path / "grades.csv"
    results.write_grades([make_result(f"{start}1+1")], ["1a"], path)
    assert read_grades(path)[1][0].startswith("'")


@pytest.mark.parametrize("separator", [";", "\t", "|", ","])
def test_name_begins_no_cell(separator: str, tmp_path: Path) -> None:
    """A name stays in its cell, whatever a spreadsheet takes for the separator."""
    path = tmp_path / "grades.csv"
    results.write_grades([make_result(f'x"{separator}=1+1')], ["1a"], path)
    with path.open(newline="", encoding="utf-8") as file:
        row = list(csv.reader(file, delimiter=separator))[1]
    assert not [cell for cell in row if cell.startswith("=")]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028"])
def test_name_begins_no_row(end: str, tmp_path: Path) -> None:
    """A name with the end of a line in it cannot add a row to the class."""
    path = tmp_path / "grades.csv"
    results.write_grades([make_result(f'Ada"{end}Eve,100,100')], ["1a"], path)
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2


def test_comma_and_quote_stay_in_their_cell(tmp_path: Path) -> None:
    """A name with a comma and quotes comes back as it was."""
    path = tmp_path / "grades.csv"
    results.write_grades([make_result('King, "Ada"')], ["1a"], path)
    assert read_grades(path)[1][0] == 'King, "Ada"'
