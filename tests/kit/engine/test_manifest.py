"""The manifest: what is read of a coursework, and what is said of one that is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kit.stage.bakery import MANIFEST, make_bakery
from kit.stage.classes import real_coursework
from reelmark import manifest
from reelmark.errors import UsageError
from reelmark.manifest import Coursework, load_coursework


class TestManifestErrors:
    """What the loader says about a manifest it cannot use."""

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ('"Baking"', "Baking", "Invalid value (at line "),
            ("[coursework]", "[course]", "it lacks the key 'coursework'"),
            ('title = "Baking"', "", "it lacks the key 'title'"),
            ("[[task]]", "[[tasks]]", "it lacks the key 'task'"),
            ("hints = ", "hint = ", "it lacks the key 'hints'"),
            ("marks = 2.5", "", "'marks'"),
            ("marks = 2.5", "marks = 2.5\nbonus = 1", "'bonus'"),
            ("needs = []", "needs = ['9z']", "needs that name no task ['9z']"),
        ],
        ids=[
            "not TOML",
            "no coursework",
            "no title",
            "no tasks",
            "list missing",
            "key missing",
            "key unknown",
            "need unknown",
        ],
    )
    def test_unusable_manifest_names_the_reason(
        self, tmp_path: Path, old: str, new: str, message: str
    ) -> None:
        """The message names the file and what is wrong with it."""
        with pytest.raises(UsageError, match=re.escape(message)) as caught:
            make_bakery(tmp_path, MANIFEST.replace(old, new))
        assert f"{tmp_path / manifest.MANIFEST} cannot be used" in str(caught.value)

    def test_missing_manifest_is_named(self, tmp_path: Path) -> None:
        """A folder without a manifest is refused with the path that is missing."""
        path = re.escape(str(tmp_path / manifest.MANIFEST))
        with pytest.raises(UsageError, match=f"^{path} cannot be used: .*No such file"):
            load_coursework(tmp_path)

    def test_id_used_twice_is_named(self, tmp_path: Path) -> None:
        """Two tasks with one id are refused with that id."""
        twice = MANIFEST + MANIFEST[MANIFEST.index("[[task]]") :]
        with pytest.raises(UsageError, match=r"ids used twice \['1a'\]"):
            make_bakery(tmp_path, twice)

    def test_unknown_task_lists_the_known(self, bakery: Coursework) -> None:
        """Asking for a task that does not exist lists those that do."""
        message = r"^There is no task '7q'\. The tasks are: 1a\.$"
        with pytest.raises(UsageError, match=message):
            bakery.task("7q")

    def test_folder_outside_says_what_to_do(self, tmp_path: Path) -> None:
        """Outside of a coursework, the message says where to go or what to set."""
        with pytest.raises(UsageError, match=r"Change into.*REELMARK_COURSEWORK"):
            manifest.find_coursework(tmp_path)

    def test_environment_names_the_coursework(
        self, bakery: Coursework, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The environment variable decides which coursework is found."""
        monkeypatch.setenv(manifest.COURSEWORK_VARIABLE, str(bakery.solutions))
        assert manifest.find_coursework() == bakery


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("marks = 2.5", 'marks = "2.5"', "marks and minutes of 1a must be numbers"),
        ("marks = 2.5", "marks = nan", "must be numbers above 0"),
        ("marks = 2.5", "marks = inf", "must be numbers above 0"),
        ("marks = 2.5", "marks = true", "must be numbers above 0"),
        ("marks = 2.5", "marks = -2", "must be numbers above 0"),
        ("minutes = ", "minutes = 0 #", "must be numbers above 0"),
        ('function = "bake"', "function = 7", "a text of task '1a' is empty, or not"),
        ('function = "bake"', 'function = ""', "a text of task '1a' is empty, or not"),
        ('"Baking"', '"Zo\xeb"', "line 2, holds what is not UTF-8"),
    ],
)
def test_value_of_the_wrong_kind_is_refused(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    """Marks depend on the manifest: nothing in it is guessed."""
    assert old in MANIFEST
    path = make_bakery(tmp_path, MANIFEST).stubs / "coursework.toml"
    path.write_bytes(MANIFEST.replace(old, new, 1).encode("latin-1"))
    with pytest.raises(UsageError, match=re.escape(told)):
        load_coursework(tmp_path)


@pytest.mark.parametrize(
    ("name", "tasks"),
    [
        ("3a-ii", ["3a-ii"]),
        ("3A-II", ["3a-ii"]),
        ("3a", ["3a-i", "3a-ii", "3a-iii"]),
        ("build_cnn", ["2a-i"]),
        ("build_cnn()", ["2a-i"]),
        ("cnn.py", ["2a-i", "2a-ii"]),
        ("cnn", ["2a-i", "2a-ii"]),
    ],
)
def test_tasks_are_found_as_students_call_them(name: str, tasks: list[str]) -> None:
    """An id, its beginning, a function, a module or a file is accepted."""
    found = real_coursework().find_tasks([name])
    assert [task.id for task in found] == tasks


def test_tasks_named_twice_are_found_once() -> None:
    """They come in the manifest's order, whatever was typed first."""
    found = real_coursework().find_tasks(["cnn", "1a-i", "2a-i"])
    assert [task.id for task in found] == ["1a-i", "2a-i", "2a-ii"]


def test_unknown_task_is_told_with_those_there_are() -> None:
    """The sentence says what can be named."""
    with pytest.raises(UsageError, match=r"no task '9z'.*1a-i, 1a-ii.*img_process"):
        real_coursework().find_tasks(["9z"])
