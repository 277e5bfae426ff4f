"""The environment: processes of the kit see nothing of whoever starts them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reelmark.errors import KitFault
from reelmark.files import PACKAGE
from reelmark.processes import environment
from reelmark.processes.environment import SETTINGS, find_set_aside, make_environment

OWN = {
    "HOME": "/home/me",
    "PATH": "/home/me/bin",
    "LC_ALL": "de_DE",
    "TZ": "Asia/Tokyo",
    "KERAS_BACKEND": "jax",
    "KERAS_MAX_EPOCHS": "1",
    "MATPLOTLIBRC": "/home/me",
    "OMP_NUM_THREADS": "7",
    "PYTHONHASHSEED": "3",
    "PYTHONWARNINGS": "error",
    "TF_ENABLE_ONEDNN_OPTS": "1",
    "GITHUB_TOKEN": "secret",
}


def test_environment_is_the_same_for_everybody() -> None:
    """Whatever somebody's variables are, a process has those of the kit."""
    assert make_environment(OWN) == make_environment({})
    assert SETTINGS.items() <= make_environment(OWN).items()


def test_what_the_machine_needs_is_kept() -> None:
    """The machine decides where libraries and temporary files are."""
    needed = {"LD_LIBRARY_PATH": "/opt/lib", "TMPDIR": "/scratch"}
    assert needed.items() <= make_environment(needed).items()


def test_engine_is_found_where_it_was_found() -> None:
    """Of a PYTHONPATH, only the folder of the engine itself is kept."""
    root = str(PACKAGE.parent)
    own = {"PYTHONPATH": os.pathsep.join(["/home/me/lib", root])}
    assert make_environment(own)["PYTHONPATH"] == root
    assert "PYTHONPATH" not in make_environment({"PYTHONPATH": "/home/me/lib"})


def test_what_is_set_aside_is_named(tmp_path: Path) -> None:
    """Variables and files that would have had an effect are named."""
    (tmp_path / ".keras").mkdir()
    (tmp_path / ".keras" / "keras.json").write_text("{}")
    found = find_set_aside({**OWN, "HOME": str(tmp_path)})
    assert {"KERAS_BACKEND", "PYTHONWARNINGS", "LC_ALL"} <= set(found)
    assert str(tmp_path / ".keras" / "keras.json") in found
    assert "GITHUB_TOKEN" not in found


def test_nothing_of_the_kits_own_is_set_aside() -> None:
    """Settings that agree with the kit's are not mentioned."""
    assert find_set_aside({**SETTINGS, "HOME": os.devnull}) == []


def test_full_disk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where matplotlib's settings cannot be kept, the sentence names the folder."""

    def refuse(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(environment.tempfile, "TemporaryDirectory", refuse)
    with (
        pytest.raises(KitFault, match=r"No space left on device\. Make room there"),
        environment.without_settings_of_matplotlib(),
    ):
        raise AssertionError("nothing is imported")


LOOK = """
import os
from reelmark.processes.environment import without_settings_of_matplotlib
with without_settings_of_matplotlib():
    import keras, matplotlib.font_manager
fonts = matplotlib.font_manager.fontManager.ttflist
data = matplotlib.get_data_path()
print(keras.config.floatx(), keras.config.image_data_format(), keras.backend.backend(),
      matplotlib.rcParams["text.usetex"], all(f.fname.startswith(data) for f in fonts),
      "MPLCONFIGDIR" in os.environ, oct(os.umask(0)), os.getcwd())
"""


def test_settings_of_keras_and_matplotlib_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dotfiles in the home, or in the folder a command is given in, change nothing."""
    files = {
        ".keras/keras.json": '{"floatx": "float16", "backend": "none"}',
        ".config/matplotlib/matplotlibrc": "text.usetex: True",
        "matplotlibrc": "text.usetex: True",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    options = {**environment.process_options(), "stdout": subprocess.PIPE}
    command = [sys.executable, "-P", "-s", "-c", LOOK]
    ran = subprocess.run(command, check=True, text=True, **options)
    expected = "float32 channels_last tensorflow False True False 0o22"
    assert ran.stdout.split() == [*expected.split(), str(PACKAGE)]


def test_too_little_memory_for_tensorflow_is_told() -> None:
    """If memory is limited, that is said before TensorFlow is suspected."""
    code = (
        "import resource as r; r.setrlimit(r.RLIMIT_AS, (600_000_000,) * 2);"
        "from reelmark.processes.environment import why_no_tensorflow as why;"
        "print(why())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], check=True, stdout=subprocess.PIPE
    )
    assert ran.stdout.startswith(b"Memory is limited to 600 MB here")
