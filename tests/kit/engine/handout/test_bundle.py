"""Releasing: students get what they need, and nothing that is hidden."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from reelmark.errors import UsageError
from reelmark.handout import bundle, leaks, wheel
from reelmark.manifest import Coursework, load_coursework
from sample_class import ROOT

pytestmark = pytest.mark.slow

COURSEWORK = load_coursework(ROOT)
NAME = "multimodal-imdb-analysis-with-keras"
WINDOWS = sys.platform == "win32"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder and the zip in which the coursework is handed out."""
    return bundle.release(COURSEWORK, tmp_path_factory.mktemp("release") / "new")


def read_bundle(folder: Path) -> dict[str, bytes]:
    """Return the contents of a folder by name."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


class TestContents:
    """What is in it."""

    def test_tops_are_these(self, released: tuple[Path, Path]) -> None:
        """At the top lies what a student needs to start, and nothing else."""
        names = {path.name for path in released[0].iterdir()}
        (built,) = released[0].glob("reelmark-*.whl")
        assert names == {
            *("README.md", "kit.py", "pyproject.toml"),
            *("requirements.lock", "requirements-uv.lock"),
            *("start.ipynb", ".vscode", ".devcontainer", ".github"),
            *(".gitignore", "LICENSE", built.name),
            *("assignment", "tests", "fixtures"),
        }

    def test_files_are_those_of_the_coursework(
        self, released: tuple[Path, Path]
    ) -> None:
        """Stubs, brief, given files, public checks and their data are as they are."""
        files = read_bundle(released[0])
        folders = ("assignment/", "tests/", "fixtures/")
        copied = {name for name in files if name.startswith(folders)}
        assert all(files[name] == (ROOT / name).read_bytes() for name in copied)
        assert {f"assignment/{each}.py" for each in COURSEWORK.modules} < copied
        assert {"assignment/README.md", "assignment/dataset.py"} < copied

    def test_zip_holds_the_folder(self, released: tuple[Path, Path]) -> None:
        """The zip holds the same files, in one folder of the same name."""
        folder, archive = released
        assert (folder.name, archive.name) == (NAME, f"{NAME}.zip")
        with zipfile.ZipFile(archive) as opened:
            packed = {i.filename: opened.read(i) for i in opened.infolist()}
        files = read_bundle(folder)
        assert packed == {f"{NAME}/{name}": data for name, data in files.items()}

    def test_links_of_both_documents_lead_somewhere(
        self, released: tuple[Path, Path]
    ) -> None:
        """Every relative link of the start page and of the brief is in the bundle."""
        for name in ("README.md", "assignment/README.md"):
            path = released[0] / name
            links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
            assert [link for link in links if not (path.parent / link).exists()] == []

    def test_versions_of_python_are_those_of_the_brief(self) -> None:
        """The launcher asks for the versions that the brief and the start page name."""
        launcher = (bundle.TEMPLATES / "kit.py").read_text(encoding="utf-8")
        assert "OLDEST, NEWEST = (3, 11), (3, 13)" in launcher
        for path in (ROOT / "assignment/README.md", bundle.TEMPLATES / "README.md"):
            assert "Python 3.11, 3.12 or 3.13" in path.read_text(encoding="utf-8")
        settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        assert settings["project"]["requires-python"] == ">=3.11"

    def test_checks_that_only_hidden_ones_need_give_no_input_away(self) -> None:
        """The shared code knows only the folder of the hidden films."""
        text = (COURSEWORK.support / "films.py").read_text(encoding="utf-8")
        line = 'HIDDEN = Films(FIXTURES / "hidden" / DATASET)'
        assert re.findall(r".*hidden.*", text) == [line]


class TestRelease:
    """Writing it, or not."""

    def test_same_sources_give_the_same_bytes(
        self, released: tuple[Path, Path]
    ) -> None:
        """Released again over the first, the zip is the same, byte for byte."""
        folder, archive = released
        before = archive.read_bytes()
        assert bundle.release(COURSEWORK, folder.parent) == released
        assert archive.read_bytes() == before
        assert sorted(folder.parent.iterdir()) == [folder, archive]

    @pytest.mark.usefixtures("no_wheel")
    @pytest.mark.parametrize("changed", ["kit.py", ".venv/pyvenv.cfg"])
    def test_folder_that_was_worked_in_is_kept(
        self,
        released: tuple[Path, Path],
        tmp_path: Path,
        changed: str,
    ) -> None:
        """A folder with anything in it that was not released is not overwritten."""
        for path in released:
            copy = shutil.copytree if path.is_dir() else shutil.copy
            copy(path, tmp_path / path.name)
        work = tmp_path / NAME / changed
        work.parent.mkdir(exist_ok=True)
        work.write_text("mine")
        with pytest.raises(UsageError, match=r"not as it was released .*Move it away"):
            bundle.release(COURSEWORK, tmp_path)
        assert work.read_text() == "mine"

    @pytest.mark.usefixtures("no_wheel")
    def test_foreign_zip_is_kept(self, tmp_path: Path) -> None:
        """A file with the zip's name that is not a bundle is not overwritten."""
        (tmp_path / f"{NAME}.zip").write_text("mine")
        with pytest.raises(UsageError, match="is no earlier bundle"):
            bundle.release(COURSEWORK, tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == [f"{NAME}.zip"]

    @pytest.mark.usefixtures("no_wheel")
    def test_file_in_the_place_of_the_folder_is_named(self, tmp_path: Path) -> None:
        """--out that names a file is refused, and the file is left alone."""
        (tmp_path / "out").write_text("mine")
        with pytest.raises(UsageError, match="is a file"):
            bundle.release(COURSEWORK, tmp_path / "out")
        assert (tmp_path / "out").read_text() == "mine"

    def test_installed_engine_is_refused(self, tmp_path: Path) -> None:
        """An engine that does not run from a checkout says so, and what to type."""
        with pytest.raises(UsageError, match="not installed from a checkout"):
            wheel.find_checkout(tmp_path / "site-packages" / "reelmark")


@pytest.fixture
def no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts a file in the place of the wheel, which takes seconds to build."""

    def build(checkout: Path, into: Path) -> Path:  # noqa: ARG001
        path = into / "reelmark-0-py3-none-any.whl"
        path.write_bytes(b"a wheel")
        return path

    monkeypatch.setattr(bundle, "build_wheel", build)


STUB = 'def bake(flour):\n    """Bake."""\n    raise NotImplementedError\n'
ANSWER = "return flour + water_and_yeast(flour)"
SOLUTION = STUB.replace(
    "raise NotImplementedError",
    f"### BEGIN SOLUTION\n    {ANSWER}\n    ### END SOLUTION",
)
TABLE = """<!-- tasks:begin -->
| Task | Function | What it does | Marks | Minutes |
|---|---|---|--:|--:|
| 1a | `bakery.bake` | Bakes | 1 | 5 |
| | | **Together** | **1** | **5** |
<!-- tasks:end -->
"""
BAKERY = {
    "assignment/coursework.toml": (
        '[coursework]\ntitle = "Baking: Éclairs!"\ngiven = ["oven.py"]\n[[task]]\n'
        'id = "1a"\ntitle = "Bakes"\nsection = "1"\nmodule = "bakery"\n'
        'function = "bake"\nmarks = 1\nminutes = 5\nneeds = []\nhints = []\n'
    ),
    "assignment/README.md": TABLE,
    "assignment/bakery.py": STUB,
    "assignment/oven.py": "HEAT = 200\n",
    "solutions/bakery.py": SOLUTION,
    "tests/public/test_bread.py": "def test_bread_rises():\n    pass\n",
    "tests/hidden/test_more.py": "def test_rye_bread_rises():\n    pass\n",
    "tests/support/loaves.py": "LOAF = 1\n",
    "fixtures/public/flour.csv": "Name,Weight\nwheat flour of the public kind,1\n",
    "fixtures/hidden/flour.csv": "Name,Weight\nrye flour of the hidden kind,2\n",
}


@pytest.fixture
def bakery(tmp_path: Path, no_wheel: None) -> Coursework:  # noqa: ARG001
    """A coursework of one task that can be released."""
    for name, text in BAKERY.items():
        path = tmp_path / "bakery" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_coursework(tmp_path / "bakery")


def refuse(coursework: Coursework, out: Path) -> str:
    """Try to release; return the refusal. Nothing was written."""
    with pytest.raises(UsageError) as caught:
        bundle.release(coursework, out)
    assert not out.exists() or not list(out.iterdir())
    return str(caught.value)


class TestFitness:
    """What is not fit to be handed out."""

    def test_another_coursework_is_released(
        self, bakery: Coursework, tmp_path: Path
    ) -> None:
        """The bundle of any coursework holds its own files, under its own name."""
        folder, archive = bundle.release(bakery, tmp_path / "out")
        assert archive.name == "baking-eclairs.zip"
        assert (folder / "README.md").read_text("utf-8").startswith("# Baking: Écl")
        names = {name for name in read_bundle(folder) if "/" in name}
        names = {name for name in names if not name.startswith(".")}
        assert names == {name for name in BAKERY if "hidden" not in name} - {
            "solutions/bakery.py"
        }

    @pytest.mark.parametrize(
        ("name", "old", "new"),
        [
            ("assignment/bakery.py", "raise NotImplementedError", "return 1"),
            ("assignment/README.md", "| 1 | 5 |", "| 2 | 5 |"),
        ],
        ids=["stub", "task table"],
    )
    def test_drift_is_refused(
        self, bakery: Coursework, tmp_path: Path, name: str, old: str, new: str
    ) -> None:
        """What differs from solutions or manifest is named, and what to type."""
        path = bakery.root / name
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
        told = refuse(bakery, tmp_path / "out")
        assert f"{name}. `reelmark stubs` writes" in told

    def test_solved_stub_is_refused(self, bakery: Coursework, tmp_path: Path) -> None:
        """A stub that agrees with its solution, and answers its task, is refused."""
        for name in ("solutions", "assignment"):
            text = STUB.replace("raise NotImplementedError", ANSWER)
            (bakery.root / name / "bakery.py").write_text(text, encoding="utf-8")
        told = refuse(bakery, tmp_path / "out")
        assert "The stubs hold answers to 1a." in told

    def test_stray_file_is_refused(self, bakery: Coursework, tmp_path: Path) -> None:
        """A file among the stubs that nobody has named is refused by name."""
        (bakery.stubs / "my_answer.py").write_text("x = 1\n")
        told = refuse(bakery, tmp_path / "out")
        assert "nobody has named: my_answer.py" in told

    @pytest.mark.parametrize(
        "name",
        [
            "assignment/.reelmark.json",
            "assignment/__pycache__/bakery.cpython-311.pyc",
            "assignment/.ipynb_checkpoints/report-checkpoint.ipynb",
            "tests/public/__pycache__/test_bread.pyc",
            "tests/support/notes.txt",
            "fixtures/public/.DS_Store",
        ],
    )
    def test_what_tools_leave_stays_out(
        self, bakery: Coursework, tmp_path: Path, name: str
    ) -> None:
        """Caches and what begins with a dot are left out; of tests, all but Python."""
        path = bakery.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
        folder, _ = bundle.release(bakery, tmp_path / "out")
        assert path.name not in {each.name for each in folder.rglob("*")}

    def test_notebook_goes_in(self, bakery: Coursework, tmp_path: Path) -> None:
        """A notebook among the stubs is part of the bundle."""
        (bakery.stubs / "report.ipynb").write_text("{}")
        folder, _ = bundle.release(bakery, tmp_path / "out")
        assert (folder / "assignment" / "report.ipynb").is_file()

    def test_missing_given_file_is_named(
        self, bakery: Coursework, tmp_path: Path
    ) -> None:
        """A missing given file is named."""
        (bakery.stubs / "oven.py").unlink()
        told = refuse(bakery, tmp_path / "out")
        assert told == "The bundle needs assignment/oven.py: not there."

    def test_copy_without_hidden_checks_is_refused(
        self, bakery: Coursework, tmp_path: Path
    ) -> None:
        """If nothing is known to be hidden, nothing can be proved, or released."""
        shutil.rmtree(bakery.hidden_suite)
        assert "instructors' copy" in refuse(bakery, tmp_path / "out")


CELL = {"cells": [{"cell_type": "code", "source": ["def f():\n", f"    {ANSWER}"]}]}


class TestLeaks:
    """Whatever must not get out is found, wherever it was planted."""

    @pytest.mark.parametrize(
        ("name", "text", "told"),
        [
            (
                "tests/support/more.py",
                BAKERY["tests/hidden/test_more.py"],
                "tests/support/more.py is a copy of tests/hidden/test_more.py",
            ),
            (
                "tests/public/test_bread.py",
                "def test_bread_rises():\n    '''See test_rye_bread_rises.'''\n",
                "names the hidden check test_rye_bread_rises",
            ),
            (
                "tests/support/loaves.py",
                f"def bake(flour):\n        {ANSWER}\n",
                "tests/support/loaves.py:2 is a line of solutions/bakery.py",
            ),
            (
                "fixtures/public/more.csv",
                "rye flour of the hidden kind,2\n",
                "fixtures/public/more.csv:1 is a line of fixtures/hidden/flour.csv",
            ),
            (
                "tests/support/solutions/notes.py",
                "x = 1\n",
                "lies in a folder solutions",
            ),
            (
                "assignment/report.ipynb",
                json.dumps(CELL),
                "assignment/report.ipynb:3 is a line of solutions/bakery.py",
            ),
        ],
        ids=["file", "name", "line", "data", "folder", "notebook"],
    )
    def test_planted_secret_stops_the_release(
        self, bakery: Coursework, tmp_path: Path, name: str, text: str, told: str
    ) -> None:
        """Folder and zip are both searched, and nothing is written."""
        path = bakery.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        message = refuse(bakery, tmp_path / "out")
        assert told in message
        assert f"baking-eclairs/{name}" in message
        assert f"baking-eclairs.zip/baking-eclairs/{name}" in message

    def test_secret_in_the_wheel_is_found(
        self, bakery: Coursework, tmp_path: Path
    ) -> None:
        """Archives are opened, also those in archives."""
        inner, outer = tmp_path / "engine.whl", tmp_path / "bundle.zip"
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("reelmark/bakery.py", SOLUTION)
        with zipfile.ZipFile(outer, "w") as archive:
            archive.write(inner, "engine.whl")
        found = leaks.find_leaks(bakery, {"bundle.zip": outer.read_bytes()})
        place = "bundle.zip/engine.whl/reelmark/bakery.py"
        assert f"{place} is a copy of solutions/bakery.py" in found
        assert f"{place}:4 is a line of solutions/bakery.py" in found

    def test_what_anybody_may_write_is_no_secret(self, bakery: Coursework) -> None:
        """Short lines, imports, and lines that the stub shares give nothing away."""
        text = f"from collections.abc import Sequence\nreturn a_figure\n{SOLUTION}"
        solved = text.replace(ANSWER, "from collections.abc import Sequence")
        (bakery.solutions / "bakery.py").write_text(solved, encoding="utf-8")
        assert leaks.find_leaks(bakery, {"a.py": STUB.encode()}) == []
        assert leaks.collect_secrets(bakery).lines.keys() == {
            "rye flour of the hidden kind,2"
        }

    def test_every_task_of_the_reference_has_secret_lines(self) -> None:
        """The proof looks for the answers of all six modules, and all hidden checks."""
        secrets = leaks.collect_secrets(COURSEWORK)
        modules = {f"solutions/{module}.py" for module in COURSEWORK.modules}
        assert modules <= set(secrets.lines.values())
        assert len(secrets.lines) > 150
        assert len(secrets.names) > 50


class Student:
    """Somebody who unpacked the zip, and knows what its README says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        text = (folder / "README.md").read_text(encoding="utf-8")
        self.commands = re.findall(r"^ *\$ (.*)$", text, re.MULTILINE)

    def type(self, command: str) -> subprocess.CompletedProcess[str]:
        """Type a command in the folder, as it stands in the README."""
        if "&&" in command:
            return self.run("bash", "-c", command)
        python = [sys.executable if w == "python3" else w for w in command.split()]
        return self.run(*python)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder, with nothing of this environment's settings."""
        strange = ("PYTHON", "PYTEST", "REELMARK", "COVERAGE")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(strange)}
        return subprocess.run(
            command,
            cwd=self.folder,
            env={
                **kept,
                "COLUMNS": "100",
                "PIP_NO_COMPILE": "1",
                "PYTHONIOENCODING": "utf-8",
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def in_environment(self, program: str) -> str:
        """Return the path of a program of the bundle's own environment."""
        return str(self.folder / ".venv" / ("Scripts" if WINDOWS else "bin") / program)


@pytest.fixture(scope="module")
def student(
    released: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Student:
    """A student who set up, with the packages of this environment.

    To install them anew takes minutes and a network: their lists are emptied, and
    they are linked into the environment, file by file, for workers may read nothing
    beside it. The engine is not among them: its wheel is what ``kit.py setup``
    installs.
    """
    place = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(released[1]) as archive:
        archive.extractall(place)
    student = Student(place / NAME)
    for name in ("requirements.lock", "requirements-uv.lock"):
        (student.folder / name).write_text("")
    done = student.type(student.commands[0])
    assert done.returncode == 0, done.stdout + done.stderr
    (site,) = (student.folder / ".venv").rglob("site-packages")
    lend_packages(site)
    return student


def link_or_copy(path: str | Path, target: str | Path) -> None:
    """Link a file, which takes no room; on another disk, copy it."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copy2(path, target)


def lend_packages(site: Path) -> None:
    """Put the packages of this environment into another one, but for the engine."""
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        is_own = path.name.startswith(("reelmark", "__editable__"))
        if path.is_dir() and not is_own:
            shutil.copytree(
                path, site / path.name, copy_function=link_or_copy, dirs_exist_ok=True
            )
        elif path.suffix in (".py", ".so"):
            link_or_copy(path, site / path.name)


@pytest.fixture(scope="module")
def solved(student: Student) -> list[subprocess.CompletedProcess[str]]:
    """What check and pytest said at the same time, once the modules were solved."""
    for module in COURSEWORK.modules:
        name = f"{module}.py"
        shutil.copy(COURSEWORK.solutions / name, student.folder / "assignment")
    plain = "python -m pytest tests/public/test_evaluation_scores.py"
    lines = (student.commands[1], f"{student.commands[2]} && {plain}")
    with ThreadPoolExecutor() as pool:
        return list(pool.map(student.type, lines))


class TestStudent:
    """What a student meets who types what the README says."""

    def test_check_needs_a_setup(self, released: tuple[Path, Path]) -> None:
        """Without the first command, the second one says what is missing."""
        done = Student(released[0]).type("python3 kit.py check")
        assert done.returncode == 2
        assert done.stdout.startswith("Set the kit up first: ")

    def test_commands_are_these(self, student: Student) -> None:
        """The README names two commands, and one for those who want more."""
        assert student.commands == [
            "python3 kit.py setup",
            "python3 kit.py check",
            "source .venv/bin/activate",
        ]

    def test_engine_comes_from_the_wheel(self, student: Student) -> None:
        """The engine that runs lies in the environment that was made."""
        code = "import reelmark; print(reelmark.__file__)"
        done = student.run(student.in_environment("python"), "-c", code)
        assert Path(done.stdout.strip()).is_relative_to(student.folder / ".venv")

    def test_untouched_stubs_are_not_started(self, student: Student) -> None:
        """The check command says "not started" for every task."""
        done = student.type(student.commands[1])
        assert done.returncode == 1, done.stderr
        lines = re.findall(r"^\d\w.*/\S+ +(.+)$", done.stdout, re.MULTILINE)
        assert lines == ["not started"] * len(COURSEWORK.tasks)
        assert re.search(r"^Public checks: 0 of \d+ passed, 0 of", done.stdout, re.M)

    def test_reference_gets_all_public_marks(
        self, solved: list[subprocess.CompletedProcess[str]]
    ) -> None:
        """With the reference's modules, every public check passes."""
        done, _ = solved
        assert done.returncode == 0, done.stdout + done.stderr
        figures = r"^Public checks: (\d+) of (\d+) passed, (\S+) of (\S+) marks\.$"
        found = re.search(figures, done.stdout, re.MULTILINE)
        assert found is not None
        passed, checks, marks, most = map(float, found.groups())
        assert passed == checks > 100
        assert marks == most > 30

    @pytest.mark.skipif(WINDOWS, reason="activation is another there")
    def test_plain_pytest_runs_the_checks(
        self, solved: list[subprocess.CompletedProcess[str]]
    ) -> None:
        """With the environment activated, pytest needs no options."""
        _, done = solved
        assert re.search(r"= \d+ passed in", done.stdout), done.stdout
        assert done.returncode == 0


@pytest.mark.parametrize(
    ("uv", "codes", "used"),
    [("uv", [0, 0, 0], "uv"), ("uv", [0, 1, 0, 0], "pip"), (None, [1, 0, 0], "pip")],
    ids=["uv", "uv-fails", "no-uv"],
)
def test_pip_installs_where_uv_cannot(
    uv: str | None, codes: list[int], used: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uv comes with pip, then installs; where it is missing or fails, pip does."""
    launcher = SimpleNamespace(**runpy.run_path(str(bundle.TEMPLATES / "kit.py")))
    names = launcher.install_everything.__globals__
    typed: list[tuple[str, ...]] = []
    answers = iter(codes)
    monkeypatch.setattr(launcher.shutil, "which", lambda *_, **__: uv)
    monkeypatch.setitem(names, "HERE", ROOT)
    monkeypatch.setitem(names, "next", lambda _: "reelmark.whl")
    monkeypatch.setitem(names, "call", lambda *w: typed.append(w) or next(answers))
    assert launcher.install_everything() == 0
    assert len(typed) == len(codes)
    assert all("--require-hashes" in words for words in typed[:-1])
    assert [used in typed[-1], "--no-index" in typed[-1]] == [True, True]


def test_other_words_go_to_the_engine(student: Student) -> None:
    """The launcher passes on unknown commands, and returns their exit codes."""
    done = student.type("python3 kit.py check 9z")
    assert done.returncode == 2
    assert "There is no task '9z'" in done.stderr
