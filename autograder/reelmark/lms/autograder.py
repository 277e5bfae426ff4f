"""The autograder: the zip that makes Gradescope mark with this kit.

It holds the engine, its locked packages, the stubs, the public checks and their data;
hidden checks only on request; never a solution.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reelmark.errors import UsageError
from reelmark.files import PACKAGE, write_whole
from reelmark.handout.wheel import LOCKS, build_wheel, find_checkout
from reelmark.lms.container import COURSEWORK, describe_unmarked
from reelmark.manifest import MANIFEST, Coursework

TEMPLATES = PACKAGE / "lms" / "templates"
PROGRAMS = ("setup.sh", "run_autograder")
SETTINGS = "pyproject.toml"

MEMORY_GB = 3
CORES = 2
"""What a container holds: two processes with TensorFlow, and one that judges."""


def write_autograder(
    coursework: Coursework, path: Path, *, has_hidden: bool, minutes: int
) -> None:
    """Write the zip.

    Args:
        coursework: The instructors' copy of the coursework.
        path: The zip. An earlier one is replaced, but no other file.
        has_hidden: Whether it holds the hidden checks.
        minutes: How long one submission may take.

    Raises:
        UsageError: Something is missing, or something else is in the way.
        KitFault: The engine's wheel cannot be built.
    """
    _expect_free(path)
    files = make_files(coursework, has_hidden=has_hidden, minutes=minutes)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name)
            mode = 0o100755 if name in PROGRAMS else 0o100644
            info.create_system, info.external_attr = 3, mode << 16  # as on Unix
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    try:
        write_whole(path, buffer.getvalue())
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from error


def make_files(
    coursework: Coursework, *, has_hidden: bool, minutes: int
) -> dict[str, bytes]:
    """Return the contents of the zip by their names in it."""
    checkout = find_checkout()
    files = {name: (checkout / name).read_bytes() for name in LOCKS}
    files |= {name: _render(name, minutes) for name in PROGRAMS}
    for source in _find_sources(coursework, has_hidden=has_hidden):
        inside = source.relative_to(coursework.root).as_posix()
        files[f"{COURSEWORK}/{inside}"] = source.read_bytes()
    with tempfile.TemporaryDirectory(prefix="reelmark-") as folder:
        wheel = build_wheel(checkout, Path(folder))
        files[wheel.name] = wheel.read_bytes()
    return files


def describe_autograder(
    coursework: Coursework, *, has_hidden: bool, minutes: int
) -> list[str]:
    """Return lines with what the instructor has to choose and to know."""
    points = f"{coursework.max_marks:g}" if has_hidden else "what the test below says"
    needed = [
        "Upload it under Configure Autograder (Ubuntu 22.04), and choose there:",
        f"  memory and CPU  at least {MEMORY_GB} GB and {CORES} CPUs: TensorFlow does "
        "not fit into less",
        f"  timeout         {minutes} minutes",
        f"  points          {points}",
        "Then hand in something of your own (Test Autograder). What instructors see "
        "ends with the",
        "marks there were, and with how well submissions are closed off there.",
    ]
    return [*needed, *_describe_hidden(has_hidden=has_hidden)]


def _describe_hidden(*, has_hidden: bool) -> list[str]:
    if not has_hidden:
        return [
            "Hidden checks are left out, so marks are of public checks alone. To mark "
            "with all of them, mark here (reelmark grade), or see --hidden.",
        ]
    return [
        "The hidden checks and their data are inside, because you said --hidden. "
        "Whoever may download the autograder can read them, and so can Gradescope. "
        "Submissions run beside them: where the container does not let the kit close "
        "files off, nothing is marked, and students are told that it is no fault of "
        "theirs. Results of hidden checks show once grades are published; until then "
        "students see no total.",
    ]


def _render(name: str, minutes: int) -> bytes:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,
    )
    values = {
        "minutes": minutes,
        "unmarked": json.dumps(describe_unmarked(), indent=1),
    }
    return environment.get_template(name).render(values).encode()


def _find_sources(coursework: Coursework, *, has_hidden: bool) -> Iterator[Path]:
    """Yield the files of a coursework that marking needs.

    Raises:
        UsageError: One is missing.
    """
    stubs = [f"{module}.py" for module in coursework.modules]
    named = [coursework.stubs / name for name in (*stubs, *coursework.given)]
    named += [coursework.root / MANIFEST, coursework.root / SETTINGS]
    if missing := [path for path in named if not path.is_file()]:
        raise UsageError(f"{missing[0]} is missing, and marking needs it.")
    yield from named
    folders = [coursework.public_suite, coursework.support, coursework.public_inputs]
    if has_hidden:
        folders += [coursework.hidden_suite, coursework.hidden_inputs]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(coursework.root).parts
            if path.is_file() and not any(map(_is_junk, inside)):
                yield path


def _is_junk(part: str) -> bool:
    return part.startswith(".") or part == "__pycache__"


def _expect_free(path: Path) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name a zip: --out {path}/autograder.zip")
    if path.exists():
        try:
            with zipfile.ZipFile(path) as earlier:
                is_ours = set(PROGRAMS) <= set(earlier.namelist())
        except (OSError, zipfile.BadZipFile):
            is_ours = False
        if not is_ours:
            raise UsageError(
                f"{path} is no earlier autograder, so it is not overwritten. Name "
                "another file with --out."
            )
