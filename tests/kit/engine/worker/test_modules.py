"""Modules: a student's files are imported by path, each on its own account."""

from __future__ import annotations

import py_compile
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from kit.stage.mini import write_modules
from reelmark.worker.modules import MissingModule, StudentModules

NAMES = ("flour", "bread", "oven")
STUBS = {name: f"ORIGIN = 'stub of {name}'\n" for name in NAMES}

Import = Callable[..., ModuleType]


@pytest.fixture
def student_modules(tmp_path: Path) -> Iterator[Callable[..., StudentModules]]:
    """Installs modules, given by name and source."""
    installed: list[StudentModules] = []
    stubs = write_modules(tmp_path / "stubs", STUBS)

    def install(**sources: str) -> StudentModules:
        folder = write_modules(tmp_path / "own", sources)
        modules = StudentModules(folder, NAMES, stubs)
        modules.install()
        installed.append(modules)
        return modules

    yield install
    for modules in installed:
        modules.remove()


@pytest.fixture
def load(student_modules: Callable[..., StudentModules]) -> Import:
    """Imports one of several modules."""
    return lambda name, **sources: student_modules(**sources).load(name)


class TestImports:
    """What a module finds when it imports."""

    def test_filter_of_warnings_ends_with_it(self, load: Import) -> None:
        """A module's settings for warnings do not turn later warnings into errors."""
        before = list(warnings.filters)
        load("bread", bread="import warnings\nwarnings.simplefilter('error')\n")
        assert warnings.filters == before

    def test_module_is_imported_by_path(self, load: Import, tmp_path: Path) -> None:
        """A module is the file of its name among those handed in."""
        module = load("bread", bread="RISES = True")
        assert module.RISES
        assert module.__file__ == str(tmp_path / "own" / "bread.py")

    def test_modules_import_one_another_by_name(self, load: Import) -> None:
        """A student writes plain imports between the coursework's modules."""
        assert load("bread", bread="from flour import KIND", flour="KIND = 550").KIND

    def test_module_is_imported_once(
        self, student_modules: Callable[..., StudentModules]
    ) -> None:
        """All importers of a module share its state."""
        modules = student_modules(bread="import flour", flour="")
        assert modules.load("bread").flour is modules.load("flour")

    def test_helper_module_is_found(self, load: Import) -> None:
        """A module of the student's own can be imported too."""
        assert load("bread", bread="import kneading", kneading="").kneading

    def test_module_that_is_given_is_found(self, load: Import, tmp_path: Path) -> None:
        """What stands beside the stubs can be imported, though nobody hands it in."""
        write_modules(tmp_path / "stubs", {"recipes": "PAGES = 12"})
        assert load("bread", bread="from recipes import PAGES").PAGES == 12

    def test_stray_module_shadows_no_library(self, load: Import) -> None:
        """A file called numpy.py does not hide NumPy."""
        module = load("bread", bread="import numpy", numpy="raise ValueError")
        assert module.numpy is sys.modules["numpy"]

    def test_missing_sibling_is_its_stub(self, load: Import) -> None:
        """A missing module costs nothing in one that imports it."""
        module = load("bread", bread="from flour import ORIGIN")
        assert module.ORIGIN == "stub of flour"

    def test_missing_module_is_named(self, load: Import) -> None:
        """A module that was not handed in is told apart from an empty one."""
        with pytest.raises(MissingModule, match=r"oven\.py was not found"):
            load("oven", bread="")

    def test_bytecode_is_not_trusted(self, load: Import, tmp_path: Path) -> None:
        """A compiled file that says something else than the source is ignored."""
        own = write_modules(tmp_path / "own", {"bread": "RISES = 'compiled'"})
        py_compile.compile(
            str(own / "bread.py"),
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )
        assert load("bread", bread="RISES = 'source'").RISES == "source"


class TestFailures:
    """Modules that cannot be imported."""

    @pytest.mark.parametrize(
        ("source", "kind"),
        [
            ("def bake(:", SyntaxError),
            ("1 / 0", ZeroDivisionError),
            ("import bakery_tools", ModuleNotFoundError),
            ("raise SystemExit", SystemExit),
            # Before Python 3.11.4 it was a ValueError.
            ("\x00", (SyntaxError, ValueError)),
        ],
        ids=["syntax", "error", "unknown-library", "exit", "null-byte"],
    )
    def test_error_is_the_students_own(
        self,
        load: Import,
        source: str,
        kind: type[BaseException] | tuple[type[BaseException], ...],
    ) -> None:
        """What a module's code raises is what its checks are told."""
        with pytest.raises(kind):
            load("bread", bread=source)

    @pytest.mark.parametrize("source", ["def bake(:", "1 / 0", "exit()"])
    def test_broken_module_costs_siblings_nothing(
        self, load: Import, source: str
    ) -> None:
        """A module that imports a broken one gets its stub."""
        module = load("bread", bread="from flour import ORIGIN", flour=source)
        assert module.ORIGIN == "stub of flour"

    def test_broken_module_stays_broken(
        self, student_modules: Callable[..., StudentModules]
    ) -> None:
        """A module that a sibling got a stub for still fails for itself."""
        modules = student_modules(bread="import flour", flour="1 / 0")
        modules.load("bread")
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                modules.load("flour")

    def test_innermost_module_is_blamed(
        self, student_modules: Callable[..., StudentModules]
    ) -> None:
        """In a chain of imports, only the one that fails is replaced."""
        modules = student_modules(
            oven="import bread", bread="import flour", flour="1 / 0"
        )
        assert modules.load("oven").bread.flour.ORIGIN == "stub of flour"

    def test_two_broken_siblings_are_both_replaced(self, load: Import) -> None:
        """Several broken modules cost their importer nothing either."""
        module = load("oven", oven="import bread, flour", bread="1 / 0", flour="(")
        assert (module.bread.ORIGIN, module.flour.ORIGIN) == (
            "stub of bread",
            "stub of flour",
        )

    def test_broken_helper_blames_its_importer(self, load: Import) -> None:
        """A helper has no stub: the module that needs it cannot be imported."""
        with pytest.raises(ZeroDivisionError):
            load("bread", bread="import kneading", kneading="1 / 0")

    def test_caught_failure_is_the_students_affair(self, load: Import) -> None:
        """A module may deal with a sibling's failure itself."""
        source = "try:\n    import flour\nexcept Exception:\n    flour = None\n"
        assert load("bread", bread=source, flour="1 / 0").flour is None


class TestEncodings:
    """Files that are stored as something else than Python reads."""

    @pytest.fixture
    def load_bytes(
        self, student_modules: Callable[..., StudentModules]
    ) -> Callable[[bytes], ModuleType]:
        """Imports a module that holds some bytes."""

        def load(data: bytes) -> ModuleType:
            modules = student_modules(bread="")
            (modules.folder / "bread.py").write_bytes(data)
            return modules.load("bread")

        return load

    @pytest.mark.parametrize(
        ("data", "told", "line"),
        [
            ("x = 1\n".encode("utf-16"), "the file is stored as UTF-16; save it", 1),
            ("x = 1\n".encode("utf-16-le"), "the file is stored as UTF-16", 1),
            ("x = 1\n".encode("utf-16-be"), "the file is stored as UTF-16", 1),
            (b"x = 1\ny = 2\0\n", "line 2 holds a NUL character; save it", 2),
            (b"x = 1\n\n\n# Zo\xeb\n", "line 4 holds a character that is not", 4),
        ],
    )
    def test_what_python_cannot_read_is_explained(
        self,
        load_bytes: Callable[[bytes], ModuleType],
        data: bytes,
        told: str,
        line: int,
    ) -> None:
        """The message says what the file is, where, and how to save it."""
        with pytest.raises(SyntaxError) as raised:
            load_bytes(data)
        assert told in str(raised.value)
        assert (raised.value.lineno, Path(raised.value.filename or "").name) == (
            line,
            "bread.py",
        )

    @pytest.mark.parametrize(
        "data",
        [
            b"\xef\xbb\xbfKIND = 550\n",
            b"# -*- coding: latin-1 -*-\nKIND = 550  # Zo\xeb\n",
            b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nKIND = 550 # \x80\n",
            b"KIND = 550\r\n",
            "KIND = 550  # Zo\xeb \u2713\n".encode(),
        ],
    )
    def test_what_python_reads_is_imported(
        self, load_bytes: Callable[[bytes], ModuleType], data: bytes
    ) -> None:
        """A mark at the start, or a declaration, is no fault."""
        assert load_bytes(data).KIND == 550


class TestRemoval:
    """After one submission, another."""

    def test_removed_modules_are_forgotten(
        self, student_modules: Callable[..., StudentModules]
    ) -> None:
        """Modules and helpers of one submission are not there for the next."""
        modules = student_modules(bread="import kneading", kneading="")
        modules.load("bread")
        modules.remove()
        assert {"bread", "kneading"} & set(sys.modules) == set()
        assert modules not in sys.meta_path
        assert str(modules.folder) not in sys.path

    def test_other_submission_of_the_same_time_stays(
        self, student_modules: Callable[..., StudentModules], tmp_path: Path
    ) -> None:
        """Removing one submission leaves the modules of another alone."""
        student_modules(bread="").load("bread")
        other = StudentModules(tmp_path / "own", NAMES, tmp_path / "stubs")
        other.install()
        other.remove()
        assert "bread" in sys.modules

    @pytest.mark.parametrize("tamper", ["sys.path.clear()", "sys.meta_path.pop(0)"])
    def test_tampering_with_the_import_system_is_survived(
        self,
        student_modules: Callable[..., StudentModules],
        tamper: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A module that undoes the installation does not break its removal."""
        monkeypatch.setattr(sys, "path", list(sys.path))
        monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
        modules = student_modules(bread=f"import sys\n{tamper}")
        modules.load("bread")
        modules.remove()
        assert "bread" not in sys.modules
        assert modules not in sys.meta_path
        assert str(modules.folder) not in sys.path
