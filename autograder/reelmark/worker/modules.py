"""Modules: import a student's files by path, under their plain names.

The modules of a coursework are found in the student's folder first. Helper
modules of the student's own are found after everything that is installed, so a
stray ``numpy.py`` does no harm; last come the modules that are provided beside the
stubs, which nobody hands in. A module that is missing or cannot be imported is
replaced by its untouched stub, for its siblings only: a syntax error in one
file must not cost marks in another.
"""

from __future__ import annotations

import codecs
import contextlib
import importlib
import importlib.util
import re
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

_DECLARATION = re.compile(rb"[ \t\f]*#.*?coding[:=]")


class MissingModule(ImportError):
    """A module of the coursework is not among the files handed in."""


class StudentModules(MetaPathFinder):
    """Imports the modules of one submission.

    Args:
        folder: The submission's files.
        names: The coursework's module names.
        stubs: The folder with the untouched stubs and the modules that are provided.
    """

    def __init__(self, folder: Path, names: Sequence[str], stubs: Path) -> None:
        self.folder = folder
        self._names = frozenset(names)
        self._stubs = stubs
        self._folders = (folder, stubs)
        self._failures: dict[str, BaseException] = {}
        self._imported_before: frozenset[str] = frozenset()

    def install(self) -> None:
        """Make the modules importable."""
        self._imported_before = frozenset(sys.modules)
        sys.path.extend(map(str, self._folders))
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        """Undo `install`, and forget every module that came from the folder."""
        # The student's code may have undone either of these already.
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(self)
        for folder in self._folders:
            with contextlib.suppress(ValueError):
                sys.path.remove(str(folder))
        for name in set(sys.modules) - self._imported_before:
            file = getattr(sys.modules[name], "__file__", None) or ""
            if name in self._names or any(
                map(Path(file).is_relative_to, self._folders)
            ):
                del sys.modules[name]

    def load(self, name: str) -> ModuleType:
        """Import the student's module ``name``.

        Raises:
            MissingModule: It is not there.
            BaseException: Whatever its own code raised, the same every time.
        """
        if not (self.folder / f"{name}.py").is_file():
            raise MissingModule(f"{name}.py was not found{self._tell_alike(name)}")
        for _ in self._names:
            if name in self._failures:
                raise self._failures[name]
            known = len(self._failures)
            try:
                return importlib.import_module(name)
            except BaseException:
                if len(self._failures) == known:
                    raise
        raise self._failures[name]

    def _tell_alike(self, name: str) -> str:
        """Say which files may be a module, by the letters of their names."""
        letters = _letters_of(name)
        found = sorted(path.name for path in self.folder.glob("*.py*"))
        alike = [repr(each) for each in found if _letters_of(each) == letters]
        return f"; there is {' and '.join(alike[:3])}" if alike else ""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,  # noqa: ARG002 (part of the protocol)
        target: ModuleType | None = None,  # noqa: ARG002 (part of the protocol)
    ) -> ModuleSpec | None:
        """Find one of the coursework's modules (called by ``import``)."""
        if fullname not in self._names:
            return None
        file = self.folder / f"{fullname}.py"
        if fullname in self._failures or not file.is_file():
            file = self._stubs / f"{fullname}.py"
        loader = _Loader(fullname, str(file), self)
        return importlib.util.spec_from_file_location(fullname, file, loader=loader)

    def blame(self, name: str, error: BaseException) -> None:
        """Remember that importing ``name`` raised ``error``, unless a sibling did."""
        if not any(error is known for known in self._failures.values()):
            self._failures[name] = error


class _Loader(SourceFileLoader):
    """Loads a student's module from its source alone."""

    def __init__(self, name: str, path: str, modules: StudentModules) -> None:
        super().__init__(name, path)
        self._modules = modules

    def get_code(self, fullname: str) -> CodeType:
        """Compile the source: bytecode in ``__pycache__`` may say something else."""
        path = self.get_filename(fullname)
        data = self.get_data(path)
        _expect_text(data, path)
        return self.source_to_code(data, path)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module; if imports fail, the innermost one is to blame.

        Its settings for warnings last only while it runs: they were meant for the
        author's own program, and libraries warn about what checks do, too.
        """
        try:
            with warnings.catch_warnings():
                super().exec_module(module)
        except BaseException as error:
            self._modules.blame(module.__name__, error)
            raise


def _expect_text(data: bytes, path: str) -> None:
    """Expect bytes to be text that Python can read; if not, say what they are.

    Raises:
        SyntaxError: They are not; Python's own message would only name a byte.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _has_zeros(data):
        raise _encoding_error("the file is stored as UTF-16", path)
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise _encoding_error(f"line {line} holds a NUL character", path, line)
    if any(map(_DECLARATION.match, data.splitlines()[:2])):
        return  # the file itself declares its encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        told = f"line {line} holds a character that is not stored as UTF-8"
        raise _encoding_error(told, path, line) from None


def _has_zeros(data: bytes) -> bool:
    """Whether every other byte at the start is zero, as in UTF-16 without a mark."""
    start = data[:40]
    return len(start) > 3 and (not any(start[1::2]) or not any(start[::2]))


def _encoding_error(told: str, path: str, line: int = 1) -> SyntaxError:
    advice = "save it again as UTF-8, in your editor's 'Save as' or encoding menu"
    return SyntaxError(f"{told}; {advice}", (path, line, None, None))


def _letters_of(name: str) -> str:
    """Return the letters of a file's name, without what is put behind ``.py``.

    Examples:
        >>> _letters_of("Image-Processing (1).py"), _letters_of("image_processing")
        ('imageprocessing', 'imageprocessing')
    """
    return re.sub(r"[\W\d_]", "", name.casefold().partition(".")[0])
