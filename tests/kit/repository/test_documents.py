"""The documents: the commands that they name exist."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from kit.stage import way
from reelmark.cli import app
from sample_class import ROOT

DOCUMENTS = (
    "README.md",
    "assignment/README.md",
    "CONTRIBUTING.md",
    "solutions/RESULTS.md",
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
GROUPS = {
    name: command.commands
    for name, command in COMMANDS.items()
    if hasattr(command, "commands")
}
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def _lines(document: str) -> list[str]:
    """Return what a document shows after a prompt."""
    text = (ROOT / document).read_text(encoding="utf-8")
    blocks = "\n".join(CONSOLE.findall(text))
    return re.findall(r"^\$ ([^#\n]+)", blocks, re.MULTILINE)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_named_commands_exist(document: str) -> None:
    """Every ``reelmark something`` in the text is a command."""
    text = (ROOT / document).read_text(encoding="utf-8")
    assert set(re.findall(r"`reelmark (\w+)", text)) <= set(COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_named_options_exist(document: str) -> None:
    """Every option behind a command in the text is one of its options."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for command, rest in re.findall(r"reelmark (\w+)([^`\n]*)", text):
        if command in COMMANDS and command not in ("train", *GROUPS):  # below
            known = {name for p in COMMANDS[command].params for name in p.opts}
            assert set(re.findall(r"--[a-z-]+", rest)) <= known | {"--help"}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_named_commands_of_a_group_exist(document: str, group: str) -> None:
    """Every ``reelmark course something`` is a command, with the options named."""
    text = (ROOT / document).read_text(encoding="utf-8")
    for command, rest in re.findall(rf"reelmark {group} ([a-z]+)([^`#\n]*)", text):
        known = {name for p in GROUPS[group][command].params for name in p.opts}
        assert set(re.findall(r"(?<= )--[a-z-]+", rest)) <= known


@pytest.fixture(scope="module")
def options_of_training() -> set[str]:
    """What the training's own help names."""
    help_page = subprocess.run(
        [sys.executable, "-m", "reelmark", "train", "--help"],
        env={**os.environ, "COLUMNS": "200"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return set(re.findall(r"--[a-z-]+", help_page))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_named_options_of_training_exist(
    document: str, options_of_training: set[str]
) -> None:
    """Every option behind ``reelmark train`` is one of the training's own."""
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"--[a-z-]+", " ".join(re.findall(r"reelmark train.*", text)))
    assert set(named) <= options_of_training


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    """Every relative link is a file of this repository."""
    path = ROOT / document
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_two_commands_are_targets_of_make() -> None:
    """The README's first commands are targets of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    wanted = [
        line.split()[1] for line in _lines("README.md") if line.startswith("make")
    ]
    assert wanted == ["demo", "test"]
    assert all(re.search(rf"^{name}:", makefile, re.MULTILINE) for name in wanted)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_installed_files_exist(document: str) -> None:
    """The lock file that the installation lines name is there."""
    for line in _lines(document):
        for name in re.findall(r"-r (\S+)", line):
            assert (ROOT / name).is_file(), line


def test_way_to_full_marks_is_what_the_commands_print() -> None:
    """The brief's way from the stubs to full marks is the record of a real one.

    If this fails, run ``PYTHONPATH=tests:fixtures python -m kit.stage.way``.
    """
    brief = way.BRIEF.read_text(encoding="utf-8")
    assert brief == way.update(brief, way.record())


def test_lock_files_name_no_index() -> None:
    """Lock files hold hashes, and no address of a package index."""
    for path in Path(ROOT).glob("requirements*.lock"):
        text = path.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|index-url|find-links|file:", text)
