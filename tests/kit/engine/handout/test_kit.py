"""``kit.py`` refuses in a sentence that says what to do, and makes nothing then."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from collections import namedtuple
from collections.abc import Callable
from importlib import util
from pathlib import Path
from types import ModuleType

import pytest

from kit.stage.classes import ROOT

TEMPLATE = ROOT / "autograder/reelmark/handout/templates/kit.py"
Version = namedtuple("Version", "major minor micro")


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A kit.py of its own, on a fine Python, that can start no program."""
    shutil.copy(TEMPLATE, tmp_path / "kit.py")
    spec = util.spec_from_file_location("kit_under_test", tmp_path / "kit.py")
    assert spec
    assert spec.loader
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(sys, "version_info", Version(3, 12, 1))
    monkeypatch.setattr(module, "find_tensorflow", lambda: "2.20.0")
    monkeypatch.setattr(module.shutil, "which", lambda *_, **__: None)

    def start(*command: str) -> int:
        raise AssertionError(f"{command} was started")

    monkeypatch.setattr(module, "call", start)
    return module


def _lose_ensurepip(kit: ModuleType, patch: pytest.MonkeyPatch) -> None:
    find = util.find_spec
    patch.setattr(
        kit.util, "find_spec", lambda n: None if n == "ensurepip" else find(n)
    )


def _use_the_systems(kit: ModuleType, patch: pytest.MonkeyPatch) -> None:
    (kit.HERE / "EXTERNALLY-MANAGED").touch()
    patch.setattr(sysconfig, "get_path", lambda _: str(kit.HERE))
    patch.setattr(sys, "prefix", sys.base_prefix)


OBSTACLES: dict[str, Callable[[ModuleType, pytest.MonkeyPatch], None]] = {
    "old": lambda _, patch: patch.setattr(sys, "version_info", Version(3, 10, 9)),
    "new": lambda _, patch: patch.setattr(sys, "version_info", Version(3, 14, 0)),
    "32 bit": lambda _, patch: patch.setattr(sys, "maxsize", 2**31 - 1),
    "activated": lambda kit, patch: patch.setattr(sys, "prefix", str(kit.ENVIRONMENT)),
    "no ensurepip": _lose_ensurepip,
    "the system's": _use_the_systems,
    "TensorFlow": lambda kit, patch: patch.setattr(
        kit, "find_tensorflow", lambda: "2.18.1"
    ),
    "nothing": lambda *_: None,
}


@pytest.mark.parametrize(
    ("words", "obstacle", "told"),
    [
        ("setup", "old", "Python 3.11 to 3.13 (64 bit) is needed; this is 3.10."),
        ("setup", "new", "(64 bit) is needed; this is 3.14. Get one of these"),
        ("setup", "32 bit", "Python 3.11 to 3.13 (64 bit) is needed"),
        ("setup", "activated", "Type `deactivate`, then "),
        ("setup", "no ensurepip", "install python3.12-venv."),
        ("setup", "no ensurepip", "kit.py setup --here"),
        (
            "setup --here",
            "old",
            "Python 3.11 to 3.13 (64 bit) is needed; this is 3.10.",
        ),
        ("setup --here", "the system's", "belong to the system, so nothing is added"),
        ("setup --here", "TensorFlow", "TensorFlow 2.18.1 is here, and the coursework"),
        ("check", "nothing", "Set the kit up first: "),
    ],
)
def test_refusal_says_what_to_do(
    words: str,
    obstacle: str,
    told: str,
    kit: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What stands in the way is named with a way on; no program is started for it."""
    OBSTACLES[obstacle](kit, monkeypatch)
    before = sorted(kit.HERE.iterdir())
    assert kit.main(words.split()) == 2
    assert told in capsys.readouterr().out
    assert sorted(kit.HERE.iterdir()) == before


def test_interrupted_setup_is_no_setup(
    kit: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where an installer fails, the way on is said, and `check` asks for the set-up."""
    monkeypatch.setattr(kit, "call", lambda *_: 1)
    assert kit.main(["setup"]) == 1
    assert "What has been downloaded is kept" in capsys.readouterr().out
    assert kit.main(["check"]) == 2


def test_without_words_it_explains_itself(
    kit: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    """Called alone, it says how it is used."""
    assert kit.main([]) == 0
    assert "python3 kit.py setup" in capsys.readouterr().out
