"""Archiving: everything of a class in one zip that can be proved intact years later.

The zip holds ``marks/``, as marking left it, ``submissions/``, as they were handed in,
and ``archive.json``, with a checksum of every file, the kit's fingerprint and versions.
It is a plain zip: nobody needs the kit to read it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from reelmark.errors import UsageError
from reelmark.grading.dependencies import fingerprint_kit
from reelmark.intake.kinds import show
from reelmark.manifest import Coursework
from reelmark.marking.workspace import Workspace
from reelmark.results import find_results

INVENTORY = "archive.json"
MARKS, SUBMISSIONS = "marks", "submissions"
SCHEMA = 1
CHUNK = 1 << 20
MOST_SHOWN = 20

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""Zips cannot store an earlier time."""


@dataclass(frozen=True)
class Stored:
    """A file in an archive: its SHA-256, and its length in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Inventory:
    """What an archive says about itself.

    Attributes:
        title: The title of the coursework.
        made: When it was made, in UTC.
        kit: A fingerprint of everything that decided marks, except submissions.
        python: The version of Python.
        machine: The system that it was made on.
        packages: The version of every installed package, by name.
        left_out: What was left out: links, and anything else that is not a file.
        files: The files in it, by name.
    """

    title: str
    made: str
    kit: str
    python: str
    machine: str
    packages: Mapping[str, str]
    left_out: Sequence[str]
    files: Mapping[str, Stored]


def write_archive(
    coursework: Coursework, marks: Path, submissions: Path | None, to: Path
) -> Inventory:
    """Write everything of a class into a zip, whole or not at all.

    Args:
        coursework: The coursework of the class.
        marks: The folder that results were written to.
        submissions: What was handed in: the download, zip or folder; None to keep only
            what was marked, which is in the folder of marks.
        to: The zip.

    Raises:
        UsageError: There are no results, nothing was handed in there, the zip exists
            already, or it would lie inside what it contains.
    """
    _expect_sense(marks, submissions, to)
    to.parent.mkdir(parents=True, exist_ok=True)
    unfinished = to.with_name(f".{os.getpid()}.unfinished")
    try:
        with Workspace(marks).open():  # so that nobody marks meanwhile
            inventory = _pack(coursework, marks, submissions, unfinished)
        check_archive(unfinished)
        unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)
    return inventory


def check_archive(path: Path) -> Inventory:
    """Prove that an archive is unchanged since it was written.

    Raises:
        UsageError: It is not; the message says what is missing, added or changed.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            inventory = _read_inventory(packed)
            faults = [*_find_faults(packed, inventory)]
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise UsageError(
            f"{path} is not an archive of `reelmark archive`, or is damaged: {error}"
        ) from error
    if faults:
        more = [f"and {len(faults) - MOST_SHOWN} more"] if faults[MOST_SHOWN:] else []
        raise UsageError(
            f"{path} is not as it was written:\n  "
            + "\n  ".join([*faults[:MOST_SHOWN], *more])
        )
    return inventory


def compute_checksum(path: Path) -> str:
    """Return a file's SHA-256; for an archive, it proves that nobody changed it."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def describe_archive(inventory: Inventory) -> list[str]:
    """Return what an archive holds, one line each."""
    folders = Counter(name.partition("/")[0] for name in inventory.files)
    size = sum(stored.size for stored in inventory.files.values())
    kit = inventory.packages.get("reelmark", "unknown")
    lines = [
        f"{inventory.title}, archived {inventory.made}",
        f"{len(inventory.files)} files, {size / 1e6:.1f} MB: "
        f"{folders[MARKS]} of marks, {folders[SUBMISSIONS]} of submissions",
        f"Reelmark {kit}, Python {inventory.python}, {inventory.machine}",
        f"Fingerprint of the kit: {inventory.kit}",
    ]
    if inventory.left_out:
        told = ", ".join(map(show, inventory.left_out[:MOST_SHOWN]))
        lines.append(f"Left out, as they are no files: {told}")
    return lines


def _expect_sense(marks: Path, submissions: Path | None, to: Path) -> None:
    if not find_results(marks):
        raise UsageError(
            f"{marks} holds no results. Name the folder that `reelmark grade` wrote to "
            "with --out."
        )
    if submissions is not None and not submissions.exists():
        raise UsageError(f"{submissions} is not there. Name what was handed in.")
    if to.exists():
        raise UsageError(f"{to} is there already, and is not overwritten.")
    folders = [each.resolve() for each in (marks, submissions) if each is not None]
    if any(to.resolve().is_relative_to(folder) for folder in folders):
        raise UsageError(f"{to} would lie in what it holds. Name another place.")


def _pack(
    coursework: Coursework, marks: Path, submissions: Path | None, to: Path
) -> Inventory:
    left_out: list[str] = []
    files: dict[str, Stored] = {}
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, path in _list_all(marks, submissions, left_out):
            if name in files:
                raise UsageError(f"Two files are called {show(name)} in a zip.")
            files[name] = _store(packed, name, path)
        inventory = Inventory(
            title=coursework.title,
            made=datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
            kit=fingerprint_kit(coursework),
            python=platform.python_version(),
            machine=platform.platform(),
            packages=_list_packages(),
            left_out=left_out,
            files=files,
        )
        text = json.dumps({"schema": SCHEMA, **asdict(inventory)}, indent=1)
        packed.writestr(INVENTORY, text)
    return inventory


def _list_all(
    marks: Path, submissions: Path | None, left_out: list[str]
) -> Iterator[tuple[str, Path]]:
    """Yield the name and the path of every file; list whatever is not a file."""
    yield from _list_folder(marks, MARKS, left_out, has_hidden=False)
    if submissions is None:
        return
    if submissions.is_file():
        yield f"{SUBMISSIONS}/{_encode(submissions.name)}", submissions
    else:
        yield from _list_folder(submissions, SUBMISSIONS, left_out, has_hidden=True)


def _list_folder(
    folder: Path, prefix: str, left_out: list[str], *, has_hidden: bool
) -> Iterator[tuple[str, Path]]:
    """Yield the files in a folder; links are left out and never followed."""
    for place, folders, names in os.walk(folder):
        if not has_hidden and Path(place) == folder:  # temporary files of a run
            folders[:] = [name for name in folders if not name.startswith(".")]
        folders.sort()
        for name in sorted([*names, *folders]):
            path = Path(place, name)
            stored = f"{prefix}/{_encode(path.relative_to(folder).as_posix())}"
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                left_out.append(stored)
            elif path.is_file():
                yield stored, path


def _encode(name: str) -> str:
    """Return a name that zips can hold, whatever its bytes are."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _store(packed: zipfile.ZipFile, name: str, path: Path) -> Stored:
    about = path.stat()
    written = datetime.fromtimestamp(about.st_mtime, UTC)
    entry = zipfile.ZipInfo(name, max(written.timetuple()[:6], _EARLIEST))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.file_size = about.st_size  # tells zipfile how large it may get
    with path.open("rb") as source, packed.open(entry, "w") as target:
        return _measure(source, target)


def _measure(file: IO[bytes], copy: IO[bytes] | None = None) -> Stored:
    """Read a file to its end; return what it held, and write it to a copy."""
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if copy is not None:
            copy.write(chunk)
    return Stored(digest.hexdigest(), size)


def _list_packages() -> dict[str, str]:
    found = {
        re.sub(r"[-_.]+", "-", each.metadata["Name"]).lower(): each.version
        for each in importlib.metadata.distributions()
    }
    return dict(sorted(found.items()))


def _read_inventory(packed: zipfile.ZipFile) -> Inventory:
    data: dict[str, Any] = json.loads(packed.read(INVENTORY))
    if (schema := data.pop("schema")) != SCHEMA:
        raise ValueError(f"its schema is {schema!r}, not {SCHEMA}")
    files = {name: Stored(**stored) for name, stored in data.pop("files").items()}
    return Inventory(**data, files=files)


def _find_faults(packed: zipfile.ZipFile, inventory: Inventory) -> Iterator[str]:
    names = Counter(packed.namelist())
    for name, count in names.items():
        if name != INVENTORY and name not in inventory.files:
            yield f"added: {show(name)}"
        elif count > 1:
            yield f"there twice: {show(name)}"
    for name, stored in inventory.files.items():
        if name not in names:
            yield f"missing: {show(name)}"
        elif not _is_as_stored(packed, name, stored):
            yield f"changed: {show(name)}"


def _is_as_stored(packed: zipfile.ZipFile, name: str, stored: Stored) -> bool:
    if packed.getinfo(name).file_size != stored.size:
        return False
    try:
        with packed.open(name) as file:
            return _measure(file) == stored
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError):
        return False
