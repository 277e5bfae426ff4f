"""Environments: settings of a marker that must not affect any mark.

    PYTHONPATH=tests:fixtures .venv/bin/python -m kit.stage.environments [--only WORD]

marks the reference in each, as `reelmark grade` does before it marks anybody, and
prints what came of it: full marks, or a sentence that names what is in the way.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from reelmark.grading.reference import FILE
from sample_class import ROOT

_SHELL = ("sh", "-c")
# Root mounts as root: in a user namespace no worker could become another user.
_NAMESPACES = ("--mount", *(() if os.geteuid() == 0 else ("--map-root-user",)))
_FULL = (
    'mount -t tmpfs -o size=16k none "$TMPDIR" || exit; '
    'cat /dev/zero >"$TMPDIR/full" 2>/dev/null; exec "$@"'
)
_LONG = "/".join(["a-folder-with-a-long-name"] * 5)
_RAISES = "raise RuntimeError('this must not be imported')\n"
_FLOAT16 = '{"floatx": "float16", "image_data_format": "channels_first"}'
_TEX = "text.usetex: True\nfont.family: Comic Sans MS\nfigure.dpi: 7\n"


@dataclass(frozen=True)
class Surroundings:
    """What a command is started in.

    Attributes:
        name: What is special about it.
        variables: Those that are set, or with None not set; ``{here}`` is a folder of
            its own: its home and its working directory.
        files: Files in that folder.
        umask: The mask of the modes of new files.
        before: What the command follows.
        culprit: What the output must name, if the reference cannot be marked.
    """

    name: str
    variables: Mapping[str, str | None] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    umask: int = 0o022
    before: tuple[str, ...] = ()
    culprit: str = ""


HARMLESS = [
    Surroundings("keras.json: float16", files={".keras/keras.json": _FLOAT16}),
    Surroundings("keras.json: no JSON", files={".keras/keras.json": "{"}),
    Surroundings(
        "keras.json: unknown backend", files={".keras/keras.json": '{"backend": "x"}'}
    ),
    Surroundings("KERAS_HOME", {"KERAS_HOME": "{here}/k"}, {"k/keras.json": _FLOAT16}),
    Surroundings("KERAS_BACKEND", {"KERAS_BACKEND": "jax"}),
    Surroundings("KERAS_MAX_EPOCHS", {"KERAS_MAX_EPOCHS": "1"}),
    Surroundings("TF_USE_LEGACY_KERAS", {"TF_USE_LEGACY_KERAS": "1"}),
    Surroundings("matplotlibrc in the folder", files={"matplotlibrc": _TEX}),
    Surroundings(
        "matplotlibrc at home", files={".config/matplotlib/matplotlibrc": _TEX}
    ),
    Surroundings("MATPLOTLIBRC", {"MATPLOTLIBRC": "{here}/rc"}, {"rc": _TEX}),
    Surroundings(
        "MPLCONFIGDIR", {"MPLCONFIGDIR": "{here}/m"}, {"m/matplotlibrc": _TEX}
    ),
    Surroundings("MPLBACKEND", {"MPLBACKEND": "TkAgg", "DISPLAY": ":99"}),
    Surroundings("LC_ALL=C", {"LC_ALL": "C", "PYTHONUTF8": "0"}),
    Surroundings("Turkish", {"LC_ALL": "tr_TR.ISO-8859-9", "LANG": "tr_TR"}),
    Surroundings("PYTHONIOENCODING", {"PYTHONIOENCODING": "ascii:strict"}),
    Surroundings("TZ far away", {"TZ": "Pacific/Kiritimati"}),
    Surroundings("TZ that is none", {"TZ": ":/nowhere/at/all"}),
    Surroundings("PYTHONWARNINGS", {"PYTHONWARNINGS": "error"}),
    Surroundings("PYTHONOPTIMIZE", {"PYTHONOPTIMIZE": "2"}),
    Surroundings("PYTHONHASHSEED", {"PYTHONHASHSEED": "4294967295"}),
    Surroundings("PYTHONDEVMODE", {"PYTHONDEVMODE": "1"}),
    Surroundings(
        "PYTHONPATH",
        {"PYTHONPATH": "{here}/lib"},
        {f"lib/{name}.py": _RAISES for name in ("keras", "pandas", "callbacks")},
    ),
    Surroundings(
        "modules in the folder",
        files={f"{n}.py": _RAISES for n in ("keras", "conftest", "cnn", "statistics")},
    ),
    Surroundings(
        "settings of pytest", files={"pytest.ini": "[pytest]\naddopts = -x\n"}
    ),
    Surroundings("PYTEST_ADDOPTS", {"PYTEST_ADDOPTS": "--collect-only -k nothing"}),
    Surroundings("PYTEST_PLUGINS", {"PYTEST_PLUGINS": "no_such_plugin"}),
    Surroundings(
        "threads of BLAS", {"OMP_NUM_THREADS": "13", "OPENBLAS_NUM_THREADS": "13"}
    ),
    Surroundings("threads that are none", {"OMP_NUM_THREADS": "many"}),
    Surroundings(
        "oneDNN and XLA",
        {
            "TF_ENABLE_ONEDNN_OPTS": "1",
            "TF_XLA_FLAGS": "--tf_xla_auto_jit=2 --tf_xla_cpu_global_jit",
            "XLA_FLAGS": "--xla_no_such_flag",
        },
    ),
    Surroundings(
        "graphics cards", {"CUDA_VISIBLE_DEVICES": "0", "TF_CPP_VMODULE": "x"}
    ),
    Surroundings("narrow terminal", {"TERM": "dumb", "COLUMNS": "9"}),
    Surroundings("umask 077", umask=0o077),
    Surroundings("umask 000", umask=0),
    Surroundings("no HOME", {"HOME": None}),
    Surroundings("HOME that is not there", {"HOME": "/nowhere/at/all"}),
    Surroundings("HOME that is a file", {"HOME": "{here}/file"}, {"file": ""}),
    Surroundings("HOME that cannot be written to", {"HOME": "/proc"}),
    Surroundings("no variables", dict.fromkeys(os.environ)),
    Surroundings("TMPDIR that is not there", {"TMPDIR": "/nowhere/at/all"}),
]
"""Where the reference has full marks."""

IN_THE_WAY = [
    Surroundings(
        "full TMPDIR",
        {"TMPDIR": "{here}/tmp"},
        {"tmp/.keep": ""},
        before=("unshare", *_NAMESPACES, *_SHELL, _FULL, "sh"),
        culprit="{here}/tmp",
    ),
    Surroundings(
        "TMPDIR with a long path",
        {"TMPDIR": f"{{here}}/{_LONG}"},
        {f"{_LONG}/.keep": ""},
    ),
    Surroundings(
        "30 open files",
        before=(*_SHELL, 'ulimit -n 30; exec "$@"', "sh"),
        culprit="open files",
    ),
    Surroundings(
        "little memory",
        before=(*_SHELL, 'ulimit -v 600000; exec "$@"', "sh"),
        culprit="memory",
    ),
]
"""Where it may be impossible to mark: then the output says what to change."""


def all_at_once() -> Surroundings:
    """Return the harmless ones combined, as far as they are compatible."""
    variables = {
        key: value
        for each in HARMLESS
        for key, value in each.variables.items()
        if value is not None and key != "HOME"
    }
    files = {name: text for each in HARMLESS for name, text in each.files.items()}
    return Surroundings("all of them", variables, files, umask=0o077)


@dataclass(frozen=True)
class Ended:
    """How a command ended that marks the reference.

    Attributes:
        code: Its exit code.
        output: What it printed.
        marks: What the reference has, of how many; None if it was not marked.
    """

    code: int
    output: str
    marks: tuple[float, float] | None

    @property
    def has_full_marks(self) -> bool:
        """Whether the reference was marked, and lost nothing."""
        return self.code == 0 and self.marks is not None and len(set(self.marks)) == 1


def mark_in(surroundings: Surroundings, here: Path) -> Ended:
    """Mark a class in which nobody hands in anything, and the reference before it."""
    files = {**surroundings.files, "submissions/nobody/notes.txt": "none"}
    for name, text in files.items():
        path = here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    variables: dict[str, str] = {**os.environ, "HOME": str(here)}
    for key, value in surroundings.variables.items():
        variables.pop(key, None)
        if value is not None:
            variables[key] = value.format(here=here)
    program = str(Path(sys.executable).with_name("reelmark"))
    command = [*surroundings.before, program, "grade"]
    command += ["submissions", "--out", "marks", "--coursework", str(ROOT)]
    ran = subprocess.run(
        command,
        cwd=here,
        env=variables,
        umask=surroundings.umask,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    found = here / "marks" / FILE
    marks = None
    if found.is_file():
        result = json.loads(found.read_text("utf-8"))
        marks = result["total"], result["max"]
    return Ended(ran.returncode, ran.stdout.decode("utf-8", "replace"), marks)


def main() -> None:
    """Mark the reference everywhere, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="part of names")
    options = parser.parse_args()
    console = Console(markup=False)
    failed = 0
    for each in [*HARMLESS, *IN_THE_WAY]:
        if options.only not in each.name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder).resolve()
            ended = mark_in(each, here)
            culprit = each.culprit.format(here=here)
        is_told = bool(culprit) and ended.code > 1 and culprit in ended.output
        words = f"{ended.marks}" if ended.has_full_marks else ended.output.strip()
        console.print(f"{each.name}: {words}", soft_wrap=True)
        failed += not (ended.has_full_marks or is_told)
    console.print(f"{failed} where marks were lost, or nothing was said")
    raise SystemExit(bool(failed))


if __name__ == "__main__":
    main()
