"""The wheel: the engine as one file that pip can install, built from its checkout.

The same sources give the same bytes, and no network is used. Leftovers of an earlier
build do not get in, because a clean copy of the sources is built.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from reelmark.errors import KitFault, UsageError
from reelmark.files import PACKAGE

LOCKS = ("requirements.lock", "requirements-uv.lock")
"""The packages that a student installs, and those that install them."""
LICENSE = "LICENSE"
_SETTINGS = "pyproject.toml"
_PACKAGE = Path("autograder") / "reelmark"
_BUILD = "from setuptools import build_meta; build_meta.build_wheel('dist')"
# Zips cannot store a time before 1980.
_EPOCH = "315532800"


def find_checkout(package: Path = PACKAGE) -> Path:
    """Return the folder with the sources, the lock and the licence of the engine.

    Args:
        package: The folder that the engine runs from.

    Raises:
        UsageError: The engine was not installed from a checkout.
    """
    root = package.parent.parent
    needed = (_SETTINGS, *LOCKS, LICENSE, _PACKAGE)
    if all((root / name).exists() for name in needed):
        settings = tomllib.loads((root / _SETTINGS).read_text(encoding="utf-8"))
        if settings.get("project", {}).get("name") == "reelmark":
            return root
    raise UsageError(
        f"The engine in {package} was not installed from a checkout of the kit, so no "
        "wheel can be built from it. Run `reelmark release` in a checkout: "
        "`pip install --no-deps --no-build-isolation -e .` there installs it."
    )


def build_wheel(checkout: Path, into: Path) -> Path:
    """Build the engine's wheel from a clean copy of its sources.

    Args:
        checkout: The engine's checkout.
        into: An existing folder for the wheel.

    Raises:
        KitFault: It cannot be built; the message ends with the builder's last words.
    """
    with tempfile.TemporaryDirectory(prefix="reelmark-") as name:
        copy = Path(name)
        _copy_sources(checkout, copy)
        built = subprocess.run(
            [sys.executable, "-c", _BUILD],
            cwd=copy,
            env={**os.environ, "SOURCE_DATE_EPOCH": _EPOCH},
            umask=0o022 if os.name == "posix" else -1,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        wheels = list((copy / "dist").glob("*.whl"))
        if built.returncode or not wheels:
            last = (built.stderr.strip().splitlines() or ["(it said nothing)"])[-1]
            raise KitFault(f"The wheel cannot be built with setuptools: {last}")
        return Path(shutil.copy(wheels[0], into))


def _copy_sources(checkout: Path, copy: Path) -> None:
    settings = tomllib.loads((checkout / _SETTINGS).read_text(encoding="utf-8"))
    for name in (_SETTINGS, settings["project"]["readme"], LICENSE):
        _copy_file(str(checkout / name), str(copy / name))
    shutil.copytree(
        checkout / _PACKAGE,
        copy / _PACKAGE,
        ignore=shutil.ignore_patterns("__pycache__", ".*"),
        copy_function=_copy_file,
    )


def _copy_file(source: str, target: str) -> None:
    # A wheel records modes, and those of a checkout depend on who made it.
    shutil.copyfile(source, target)
    Path(target).chmod(0o644)
