"""The environment of every process that runs students' work, or checks it.

Marks must not depend on who marks, or where. So these processes are started with only
the variables listed here, always in the same folder and with the same umask; and they
never find the settings that Keras and matplotlib look for in a home folder.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from reelmark.errors import KitFault
from reelmark.files import PACKAGE

NO_TENSORFLOW = (
    "The process that imports TensorFlow did not start. Try "
    '`python -c "import tensorflow"`; it should end without an error.'
)
_LITTLE_MEMORY = (
    "Memory is limited to {:,.0f} MB here, and TensorFlow needs more to start. Lift "
    "the limit: `ulimit -v unlimited`."
)

ADDRESS_BYTES = 4 * 10**9
"""Memory that TensorFlow needs, mapped or reserved; it touches a tenth of it."""

_NOWHERE = os.path.join(os.devnull, "nowhere")  # noqa: PTH118 (a Path adds nothing)

_PLACES = {
    # A worker's home is its scratch folder. Until then, and for a judge, there is none.
    **dict.fromkeys(("HOME", "USERPROFILE"), os.devnull),
    **dict.fromkeys(("USER", "LOGNAME", "USERNAME"), "student"),
    "KERAS_HOME": _NOWHERE,
}
_LANGUAGE = {
    **dict.fromkeys(("LANG", "LC_ALL"), "C.UTF-8"),
    "TZ": "UTC",
    "PYTHONUTF8": "1",
    # Otherwise the order of a set of strings would differ from worker to worker.
    "PYTHONHASHSEED": "0",
}
_LIBRARIES = {
    "KERAS_BACKEND": "tensorflow",
    "MPLBACKEND": "Agg",
    "MPL_IGNORE_SYSTEM_FONTS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    # oneDNN compiles its kernels in every process, which takes a fifth of a
    # submission's processor time; and it rounds differently on other machines.
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
}
# One slot per core: more threads would only compete for it.
_THREADS = dict.fromkeys(
    (
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
        *("NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
    ),
    "1",
)
SETTINGS: Mapping[str, str] = {**_PLACES, **_LANGUAGE, **_LIBRARIES, **_THREADS}
"""The variables that are the same for everybody."""

_MACHINE = (
    # Without these, some interpreters do not find their own libraries.
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
    # Without these, Python on Windows does not find sockets or libraries.
    *("SYSTEMROOT", "WINDIR", "PROCESSOR_ARCHITECTURE"),
    *(("PATH",) if sys.platform == "win32" else ()),
)
_TEMPORARY = ("TMPDIR", "TEMP", "TMP")

_TELLING = (
    *("KERAS_", "TF_", "XLA_", "CUDA_", "MPL", "MATPLOTLIB", "OMP_", "OPENBLAS_"),
    *("MKL_", "NUMEXPR_", "PYTHON", "PYTEST_", "HYPOTHESIS_", "LC_"),
)
"""Prefixes of the variables that decide what Python and its libraries do."""


def make_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables with which the kit's processes are started.

    A worker can read all of them: they stay in its memory and in /proc/self/environ.

    Args:
        environ: The variables of the process that starts them.
    """
    kept = {k: v for k, v in environ.items() if k in (*_MACHINE, *_TEMPORARY)}
    path = {} if "PATH" in kept else {"PATH": os.defpath}
    return {**path, **kept, **_find_engine(environ), **SETTINGS}


def describe_environment(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return all of it that can decide what a process finds, one line per variable."""
    made = make_environment(environ)
    return [f"{name}={made[name]}" for name in sorted(made) if name not in _TEMPORARY]


def find_set_aside(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return those of a user's own settings that no process of the kit sees."""
    made = make_environment(environ)
    names = [
        name
        for name, value in sorted(environ.items())
        if name.startswith(_TELLING) and made.get(name) != value
    ]
    return [*names, *(str(path) for path in _dotfiles(environ) if path.is_file())]


def process_options() -> dict[str, Any]:
    """Return how each of the kit's processes is started: silent, always in one place.

    Ctrl-C goes to the run, which then ends the others.
    """
    return {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "env": make_environment(),
        "cwd": PACKAGE,
        "umask": 0o022 if os.name == "posix" else -1,
        "start_new_session": True,
        "creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    }


def why_no_tensorflow(otherwise: str = NO_TENSORFLOW) -> str:
    """Return why a process that imports TensorFlow may not have started.

    Args:
        otherwise: What to say if memory is not limited.
    """
    with contextlib.suppress(ImportError):
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if 0 <= limit < ADDRESS_BYTES:
            return _LITTLE_MEMORY.format(limit / 1e6)
    return otherwise


@contextlib.contextmanager
def without_settings_of_matplotlib() -> Iterator[None]:
    """Import matplotlib inside this context: it wants a folder for its settings.

    Raises:
        KitFault: There is no room for one.
    """
    try:
        folder = tempfile.TemporaryDirectory(
            prefix="reelmark-", ignore_cleanup_errors=True
        )
    except OSError as error:
        raise KitFault(
            f"Nothing can be written to {tempfile.gettempdir()}: {error.strerror}. "
            "Make room there, or name another folder in the variable TMPDIR."
        ) from error
    with folder as name:
        os.environ["MPLCONFIGDIR"] = name
        try:
            yield
        finally:
            del os.environ["MPLCONFIGDIR"]


def _find_engine(environ: Mapping[str, str]) -> dict[str, str]:
    """Return where the engine lies, if a variable led to it."""
    paths = environ.get("PYTHONPATH", "").split(os.pathsep)
    root = PACKAGE.parent.resolve()
    is_named = any(path and Path(path).resolve() == root for path in paths)
    return {"PYTHONPATH": str(root)} if is_named else {}


def _dotfiles(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield where Keras and matplotlib look for a user's own settings."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or os.devnull)
    yield Path(environ.get("KERAS_HOME") or home / ".keras") / "keras.json"
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    folders = [Path.cwd(), config / "matplotlib", home / ".matplotlib"]
    folders += [Path(environ[k]) for k in ("MPLCONFIGDIR",) if environ.get(k)]
    yield from (folder / "matplotlibrc" for folder in folders)
