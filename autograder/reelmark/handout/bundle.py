"""The bundle: the part of a coursework that students get, as a folder and as a zip.

Only `find_files` decides what goes in. Nothing is handed out before the files, as
they are on disk, have been searched for anything hidden.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reelmark.errors import UsageError
from reelmark.handout import generated
from reelmark.handout.leaks import find_leaks
from reelmark.handout.wheel import LICENSE, LOCKS, build_wheel, find_checkout
from reelmark.manifest import MANIFEST, Coursework, Task

LAUNCHER = "kit.py"
TEMPLATES = Path(__file__).parent / "templates"

_MOST_SHOWN = 5
_DOTTED = frozenset({"gitignore", "vscode", "devcontainer", "github"})
"""Templates whose names begin with a dot in the bundle."""


def release(coursework: Coursework, out: Path) -> tuple[Path, Path]:
    """Write the bundle to ``out``: both its forms, or neither.

    Args:
        coursework: The instructors' copy of the coursework to hand out.
        out: A folder, made if missing. An earlier bundle in it is replaced.

    Returns:
        The folder and the zip, both named after the coursework.

    Raises:
        UsageError: The coursework is not fit to be handed out, something hidden
            would get out, or something else is in the way.
        KitFault: The engine's wheel cannot be built.
    """
    _expect_fit(coursework)
    files = make_files(coursework)
    name = name_bundle(coursework)
    folder, archive = out / name, out / f"{name}.zip"
    _expect_free(folder, archive, files)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise UsageError(f"{out} is a file; name a folder with --out.") from error
    with tempfile.TemporaryDirectory(prefix=".release-", dir=out) as staging:
        new = Path(staging) / "new"
        _write_folder(new / name, files)
        (new / archive.name).write_bytes(_zip(name, files))
        prove(coursework, new)
        _put_in_place(new, folder, archive, Path(staging) / "old")
    return folder, archive


def name_bundle(coursework: Coursework) -> str:
    """Return the coursework's title as a file name."""
    plain = unicodedata.normalize("NFKD", coursework.title).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", plain.decode().lower()).strip("-") or "coursework"


def make_files(coursework: Coursework) -> dict[str, bytes]:
    """Return the contents of the bundle by their names in it."""
    files = {name: path.read_bytes() for name, path in find_files(coursework).items()}
    with tempfile.TemporaryDirectory(prefix="reelmark-") as folder:
        wheel = build_wheel(find_checkout(), Path(folder))
        files[wheel.name] = wheel.read_bytes()
    values = {
        "title": coursework.title,
        "name": name_bundle(coursework),
        "wheel": wheel.name,
        # Students whose Python is newer are told so.
        "python": ".".join(map(str, sys.version_info[:2])),
        "constraints": _list_constraints(files[LOCKS[0]].decode("utf-8")),
    }
    for template in map(_name_template, _find(TEMPLATES, "*")):
        text = files[template].decode("utf-8")
        for key, value in values.items():
            text = text.replace(f"{{{{ {key} }}}}", value)
        files[template] = text.encode("utf-8")
    return dict(sorted(files.items()))


def find_files(coursework: Coursework) -> dict[str, Path]:
    """Return the files that go into the bundle by their names in it.

    Raises:
        UsageError: A file is missing, or there is one that is not expected.
    """
    checkout = find_checkout()
    files = {name: checkout / name for name in (*LOCKS, LICENSE)}
    # Names that begin with a dot would be overlooked in a folder, and in a wheel.
    files |= {_name_template(path): path for path in _find(TEMPLATES, "*")}
    named = [
        *_find_assignment(coursework),
        *_find(coursework.public_suite, "*.py"),
        *_find(coursework.support, "*.py"),
        *_find(coursework.public_inputs, "*"),
    ]
    files |= {path.relative_to(coursework.root).as_posix(): path for path in named}
    if missing := [name for name, path in files.items() if not path.is_file()]:
        raise UsageError(f"The bundle needs {_enumerate(missing)}: not there.")
    return files


def prove(coursework: Coursework, folder: Path) -> None:
    """Prove that nothing below a folder gives away what is hidden.

    Raises:
        UsageError: Something does, or there is nothing hidden to look for; the
            message names the first places.
    """
    if not coursework.hidden_suite.is_dir():
        raise UsageError(
            f"{coursework.hidden_suite} is missing, so nobody can tell whether a "
            "bundle holds hidden checks. Release from the instructors' copy."
        )
    if leaks := find_leaks(coursework, _read_folder(folder)):
        raise UsageError(
            "Nothing was written, for it would give away what is hidden:\n  "
            + "\n  ".join([*leaks[:_MOST_SHOWN], *_count_rest(leaks)])
            + "\nRemove or reword that, then release again."
        )


def _expect_fit(coursework: Coursework) -> None:
    """Expect stubs and task table to be up to date, and every task to be unsolved."""
    root = coursework.root
    if drifted := generated.find_drifted(generated.make_texts(coursework)):
        names = _enumerate(path.relative_to(root).as_posix() for path in drifted)
        raise UsageError(
            f"Not generated from solutions and manifest as they are now: {names}. "
            "`reelmark stubs` writes them anew; keep what you wrote there elsewhere."
        )
    if solved := [task.id for task in coursework.tasks if _is_solved(coursework, task)]:
        raise UsageError(
            f"The stubs hold answers to {_enumerate(solved)}. Put the bodies of these "
            "functions between ### BEGIN SOLUTION and ### END SOLUTION in the "
            "solutions, then run `reelmark stubs`."
        )


def _is_solved(coursework: Coursework, task: Task) -> bool:
    """Whether a task's stub does anything but raise ``NotImplementedError``."""
    path = coursework.stubs / f"{task.module}.py"
    for node in ast.parse(path.read_bytes()).body:
        if isinstance(node, ast.FunctionDef) and node.name == task.function:
            *_, last = node.body
            has_docstring = ast.get_docstring(node) is not None
            is_short = len(node.body) == 1 + has_docstring
            return not (is_short and ast.unparse(last) == "raise NotImplementedError")
    raise UsageError(f"{path} has no function {task.function}, which {task.id} names.")


def _find_assignment(coursework: Coursework) -> list[Path]:
    """Return what students get from the folder of stubs; refuse unexpected files."""
    modules = (f"{module}.py" for module in coursework.modules)
    names = {*modules, *coursework.given, MANIFEST.name, "README.md"}
    found = _find(coursework.stubs, "*")
    names |= {path.name for path in found if path.suffix == ".ipynb"}
    known = [coursework.stubs / name for name in sorted(names)]
    if strays := [path.name for path in found if path not in known]:
        raise UsageError(
            f"{coursework.stubs} holds what nobody has named: {_enumerate(strays)}. "
            f"Remove it, or name it in {MANIFEST.name}: given = [...]."
        )
    return known


def _find(folder: Path, pattern: str) -> list[Path]:
    """Return the files below a folder, without tools' leftovers and dotfiles."""
    return [
        path
        for path in sorted(folder.rglob(pattern))
        if path.is_file() and not any(map(_is_junk, path.relative_to(folder).parts))
    ]


def _is_junk(part: str) -> bool:
    return part.startswith(".") or part == "__pycache__"


def _name_template(path: Path) -> str:
    name = path.relative_to(TEMPLATES).as_posix()
    return f".{name}" if name.partition("/")[0] in _DOTTED else name


def _list_constraints(lock: str) -> str:
    """Return the pins, without the lock's hashes, as strings of a TOML array."""
    pins = re.findall(r"^(\S+==[^\\\n]+?) *\\?$", lock, re.MULTILINE)
    return '",\n    "'.join(pin.strip() for pin in pins)


def _expect_free(folder: Path, archive: Path, files: Mapping[str, bytes]) -> None:
    """Expect nothing in the bundle's place but an earlier bundle, unchanged."""
    earlier = _read_zip(archive, folder.name) if archive.exists() else {}
    if earlier is None:
        raise UsageError(
            f"{archive} is no earlier bundle, so it is not overwritten. Move it away, "
            "or name another folder with --out."
        )
    if not folder.exists():
        return
    found = _list_folder(folder)
    for known in (earlier, files):
        if found == set(known) and _read_folder(folder) == known:
            return
    changed = sorted(found ^ set(earlier)) or ["a file that was changed"]
    raise UsageError(
        f"{folder} is not as it was released ({_enumerate(changed)}), so it is not "
        "overwritten. Move it away, or name another folder with --out."
    )


def _list_folder(folder: Path) -> set[str]:
    paths = folder.rglob("*") if folder.is_dir() else [folder]
    return {p.relative_to(folder).as_posix() for p in paths if not p.is_dir()}


def _read_folder(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in _list_folder(folder)}


def _read_zip(archive: Path, name: str) -> dict[str, bytes] | None:
    """Return the contents of an earlier bundle; None if it is something else."""
    try:
        with zipfile.ZipFile(archive) as opened:
            files = {i.filename: opened.read(i) for i in opened.infolist()}
    except (OSError, zipfile.BadZipFile):
        return None
    if f"{name}/{LAUNCHER}" not in files:
        return None
    return {each.removeprefix(f"{name}/"): data for each, data in files.items()}


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _put_in_place(new: Path, folder: Path, archive: Path, old: Path) -> None:
    """Put a new bundle in its place; an earlier one stays there if that fails."""
    if folder.exists():
        folder.rename(old)
    try:
        (new / folder.name).rename(folder)
        (new / archive.name).replace(archive)
    except BaseException:
        if folder.exists():
            folder.rename(new / folder.name)
        if old.exists():
            old.rename(folder)
        raise


def _zip(folder: str, files: Mapping[str, bytes]) -> bytes:
    """Return a zip; the same files give the same bytes, on every system."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(f"{folder}/{name}")
            info.create_system, info.external_attr = 3, 0o100644 << 16  # as on Unix
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _count_rest(found: list[str]) -> Iterator[str]:
    if len(found) > _MOST_SHOWN:
        yield f"and {len(found) - _MOST_SHOWN} more"


def _enumerate(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join([*listed[:_MOST_SHOWN], *_count_rest(listed)])
