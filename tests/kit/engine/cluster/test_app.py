"""The command line of a cluster: missing or contradictory options are explained."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.stage.classes import OTHER_COURSEWORK
from kit.stage.clusters import write_class
from reelmark.cli import app
from reelmark.errors import UsageError


def grade(folder: Path, *options: str) -> str:
    """Return what `grade` says to options that it cannot use."""
    submissions = write_class(folder / "submissions", ["ada"])
    arguments = ["grade", str(submissions), "--out", str(folder / "marks")]
    arguments += ["--coursework", str(OTHER_COURSEWORK), *options]
    error = CliRunner().invoke(app, arguments).exception
    assert isinstance(error, UsageError)
    return str(error)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--on", "nowhere"], "names no place"),
        (["--on", "local:1", "--workers", "2"], "--workers"),
        (["--on", "local:1", "--wall"], "--wall"),
        (["--on", "local:1", "--keys", "keys"], "keys are made anew"),
        (["--on", "tls://127.0.0.1:1"], "--keys DIR"),
        (["--on", "tls://127.0.0.1:1", "--keys", "keys"], "reelmark cluster keys"),
        (["--keys", "keys"], "--on"),
    ],
)
def test_wrong_options_are_answered(
    tmp_path: Path, options: list[str], words: str
) -> None:
    """Each is answered with what to type instead."""
    assert words in grade(tmp_path, *options)


def test_missing_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the extra, a sentence says what to install."""
    monkeypatch.delitem(sys.modules, "reelmark.cluster.connection", raising=False)
    monkeypatch.setitem(sys.modules, "dask.config", None)
    assert "pip install -e '.[cluster]'" in grade(tmp_path, "--on", "local:1")
