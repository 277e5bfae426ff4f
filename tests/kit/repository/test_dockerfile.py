"""The Dockerfile: what can be said about an image without building it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path, PurePosixPath

import pytest
from packaging.specifiers import SpecifierSet

from kit.repository.test_documents import COMMANDS
from reelmark import manifest
from reelmark.confinement import advice
from sample_class import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

KEPT_OUT = (
    *(".venv/bin/python", ".git/config", "demo/index.html", "marks/grades.csv"),
    *("tests/kit/conftest.py", "benchmarks/README.md", "requirements-dev.lock"),
    "Multimodal_IMDB_dataset/Images/film.jpg",
    "assignment/Multimodal_IMDB_dataset/Images/film.jpg",
    "assignment/Multimodal_IMDB_dataset.zip",
    "tests/public/__pycache__/test_cnn.pyc",
)


def read_instructions() -> list[tuple[str, str]]:
    """Return the instructions: the word, and the rest on one line."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    return [(word, rest.strip()) for word, rest in lines]


def find(word: str) -> list[str]:
    """Return what follows each instruction of a kind."""
    return [rest for name, rest in read_instructions() if name == word]


def copies() -> list[tuple[list[str], str]]:
    """Return what is copied from this repository: the sources, and where to."""
    split = [rest.split() for rest in find("COPY") if "--from" not in rest]
    return [(words[:-1], words[-1]) for words in split]


SOURCES = sorted({source for sources, _ in copies() for source in sources})


def is_kept_out(path: str) -> bool:
    """Return whether .dockerignore keeps a path out: the last pattern that fits."""
    tried = [path, *map(str, PurePosixPath(path).parents)]
    found = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern = _as_regex(line.removeprefix("!"))
            if any(re.fullmatch(pattern, each) for each in tried):
                found = not line.startswith("!")
    return found


def _as_regex(pattern: str) -> str:
    text = re.escape(pattern)
    return text.replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")


@pytest.mark.parametrize("source", SOURCES)
def test_copied_source_is_there(source: str) -> None:
    """Whatever is copied exists and is let in; from fixtures, only their contents."""
    assert (ROOT / source).exists()
    for path in (ROOT / source).rglob("*.py"):
        is_generator = path.parent == ROOT / "fixtures"
        assert is_kept_out(path.relative_to(ROOT).as_posix()) == is_generator


@pytest.mark.parametrize("name", ["requirements.lock", "README.md", "LICENSE"])
def test_single_files_are_let_in(name: str) -> None:
    """What the package is built from is let in, one by one."""
    assert name in SOURCES
    assert not is_kept_out(name)


@pytest.mark.parametrize("path", KEPT_OUT)
def test_other_files_are_kept_out(path: str) -> None:
    """Environments, history, the kit's own tests and real films stay outside."""
    assert is_kept_out(path)


@pytest.mark.parametrize("name", ["public", "hidden"])
def test_generated_films_enter(name: str) -> None:
    """The generated datasets have the real one's name, and are let in."""
    folder = ROOT / "fixtures" / name / "Multimodal_IMDB_dataset"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not any(is_kept_out(f.relative_to(ROOT).as_posix()) for f in files)


def test_base_is_a_python_that_the_project_takes() -> None:
    """The base is a slim image of one minor version, which the project allows."""
    versions = re.findall(r"^python:(\d+\.\d+)-slim-\w+ AS", find("FROM")[0])
    assert len(versions) == 1
    assert f"{versions[0]}.0" in SpecifierSet(PROJECT["requires-python"])


def test_base_is_the_python_of_the_lock() -> None:
    """The base's version is the one that the lock files are resolved for."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    version = re.findall(r"--python-version (\S+)", makefile)
    assert find("FROM")[0].startswith(f"python:{version[0]}-")


def test_packages_are_those_of_students_by_hash() -> None:
    """The packages are those of the students' lock, each checked against its hash."""
    assert "requirements.lock" in SOURCES
    first = next(rest for rest in find("RUN") if "requirements.lock" in rest)
    assert "--require-hashes" in first
    others = [rest for rest in find("RUN") if "pip " in rest and rest != first]
    assert all("--no-deps --no-build-isolation" in rest for rest in others)


def test_no_index_is_named() -> None:
    """Where packages come from is the builder's setting, not the image's."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert not re.search(r"https?://|index-url|find-links|trusted-host", text)


def test_all_that_marking_reads_is_in_the_coursework() -> None:
    """What the engine needs from a coursework is copied to where it looks for it."""
    root = Path("/coursework")
    assert f"{manifest.COURSEWORK_VARIABLE}={root}" in " ".join(find("ENV"))
    inside = manifest.Coursework(root, "", ())
    folders = [inside.stubs, inside.solutions, inside.support]
    folders += [inside.public_suite, inside.hidden_suite]
    wanted = {str(path) for path in [*folders, root / "fixtures"]} | {f"{root}/"}
    there = {place for _, place in copies()}
    assert wanted <= there
    assert (["pyproject.toml"], f"{root}/") in copies()


def test_entry_point_is_the_command() -> None:
    """The image runs the command that the package installs; alone, it shows help."""
    assert [json.loads(rest) for rest in find("ENTRYPOINT")] == [["reelmark"]]
    assert [json.loads(rest) for rest in find("CMD")] == [["--help"]]
    assert "reelmark" in PROJECT["scripts"]


def test_docs_name_the_real_commands() -> None:
    """Docs and messages show the same lines; what follows the image is a command."""
    text = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    assert f"$ {advice.BUILD}\n$ {advice.GRADE}\n" in text
    image = advice.BUILD.split()[advice.BUILD.split().index("-t") + 1]
    words = advice.GRADE.split()
    assert words[words.index(image) + 1] in COMMANDS


def test_stopping_is_an_interruption() -> None:
    """`docker stop` sends a signal that the command handles and Python respects."""
    assert find("STOPSIGNAL") == ["SIGINT"]
