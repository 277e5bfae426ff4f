"""Attacks by what is handed in: odd files, hostile zips, hostile names.

Each function writes one submission into a folder and returns its path. Its
docstring declares what `attack_class` reads of every attack.
"""

from __future__ import annotations

import contextlib
import io
import os
import py_compile
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

from kit.stage.attack_class import Attack, read_declaration, write_files
from kit.stage.handed_in import pack

Upload = Callable[[Path], Path]

WORDS = "def count_words(text):\n    return len(text.split())\n"
WRONG = "def count_words(text):\n    return -1\n"
NUMBERS = (
    "from words import count_words\n\n\n"
    "def count_all(texts):\n    return [count_words(text) for text in texts]\n"
)
HONEST = {"words": WORDS, "numbers_of_words": NUMBERS}
FILES = {f"{name}.py": text for name, text in HONEST.items()}
WITHOUT_WORDS = {"numbers_of_words.py": NUMBERS}

FORGER = """
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    return True

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    (yield).get_result().outcome = "passed"

def pytest_collection_modifyitems(items):
    items.clear()

def pytest_sessionfinish(session):
    session.exitstatus = 0
"""
RAISES = "raise ValueError('this module is in the way')\n"
SETTINGS = "addopts = -p forger --maxfail=0 -k nothing\nminversion = 99\n"


def conftest_hooks(folder: Path) -> Path:
    """Hands in a conftest.py whose hooks turn failures into passes.

    task 1: 0, failed
    task 2: 2, passed
    told: got       -1
    """
    own = folder / "conftest-hooks"
    write_files(own, {**FILES, "words.py": WRONG, "conftest.py": FORGER})
    return own


def pytest_settings(folder: Path) -> Path:
    """Hands in pytest's settings, in every file that it reads them from.

    task 1: 0, failed
    task 2: 2, passed
    told: got       -1
    """
    own = folder / "pytest-settings"
    forged = {
        "pytest.ini": f"[pytest]\n{SETTINGS}",
        "tox.ini": f"[pytest]\n{SETTINGS}",
        "setup.cfg": f"[tool:pytest]\n{SETTINGS}",
        "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '-p forger'\n",
        "forger.py": FORGER,
    }
    write_files(own, {**FILES, **forged, "words.py": WRONG})
    return own


def entry_point(folder: Path) -> Path:
    """Hands in an installed-looking plugin with an entry point of pytest's.

    task 1: 0, failed
    task 2: 2, passed
    told: got       -1
    """
    own = folder / "entry-point"
    points = {
        f"forger-1.0{kind}/{name}": text
        for kind in (".dist-info", ".egg-info")
        for name, text in (
            ("entry_points.txt", "[pytest11]\nforger = forger\n"),
            ("METADATA", "Metadata-Version: 2.1\nName: forger\nVersion: 1.0\n"),
        )
    }
    paths = {"forger.pth": "import forger\n", "forger.py": FORGER}
    write_files(own, {**FILES, **points, **paths, "words.py": WRONG})
    return own


def library_shadows(folder: Path) -> Path:
    """Hands in modules called like libraries, the kit and the suites, which raise.

    task 1: 3, passed
    task 2: 2, passed
    """
    own = folder / "library-shadows"
    names = ("numpy", "pytest", "json", "msgpack", "ingredients", "stand_ins")
    names += ("sitecustomize", "usercustomize", "support", "test_words", "kit")
    packages = ("reelmark", "tensorflow", "keras", "words", "reelmark/marking")
    shadows = {f"{name}.py": RAISES for name in names}
    shadows |= {f"{name}/__init__.py": RAISES for name in packages}
    write_files(own, {**FILES, **shadows})
    return own


def compiled_code(folder: Path) -> Path:
    """Hands in right bytecode, which is never checked, behind wrong source.

    task 1: 0, failed
    task 2: 2, passed
    told: got       -1
    """
    own = folder / "compiled-code"
    write_files(own, FILES)
    unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(own / "words.py"), invalidation_mode=unchecked)
    py_compile.compile(str(own / "words.py"), cfile=str(own / "words.pyc"))
    (own / "words.py").write_text(WRONG, encoding="utf-8")
    (own / "words.so").write_bytes(b"\x7fELF")
    return own


REMEMBERS = """
import builtins, os
builtins.seen = getattr(builtins, "seen", [])

def count_words(text):
    builtins.seen.append(text)
    for folder in (".", "..", os.path.dirname(os.getcwd()), "/tmp"):
        try:
            with open(folder + "/reelmark-seen", "a") as file:
                file.write(text)
        except OSError:
            continue
    return len(text.split())
"""
TELLS = """
import builtins, os
import words

def count_all(texts):
    told = repr(getattr(builtins, "seen", []))
    if os.path.exists("reelmark-seen"):
        told += open("reelmark-seen").read()
    raise ValueError("seen: " + told)
"""


def tells_what_it_saw(folder: Path) -> Path:
    """Remembers the inputs of hidden checks, and tells them in a later public one.

    task 1: 3, passed
    task 2: 0, failed
    told: seen:
    """
    own = folder / "tells-what-it-saw"
    write_files(own, {"words.py": REMEMBERS, "numbers_of_words.py": TELLS})
    return own


def unusual_encoding(folder: Path) -> Path:
    """Hands in source whose encoding makes it read otherwise than it looks.

    task 1: 0, failed
    task 2: 2, passed
    told: cannot be imported
    """
    own = folder / "unusual-encoding"
    hidden = "# coding: rot13\n" + WORDS
    write_files(own, {**FILES, "words.py": hidden})
    return own


def deep_source(folder: Path) -> Path:
    """Hands in source that is nested so deeply that it breaks parsers.

    task 1: 0, failed
    task 2: 2, passed
    """
    own = folder / "deep-source"
    deep = "x = " + "-" * 200_000 + "1\n" + "(" * 5_000 + ")" * 5_000
    write_files(own, {**FILES, "words.py": deep})
    return own


def large_source(folder: Path) -> Path:
    """Hands in source of two megabytes.

    task 1: 0, failed
    task 2: 2, passed
    told: larger than 1 MB
    """
    own = folder / "large-source"
    write_files(own, {**FILES, "words.py": WORDS + "#" * 2**21})
    return own


def links_in_a_folder(folder: Path) -> Path:
    """Hands in links to another student's work and to the disk's root.

    task 1: 0, failed
    task 2: 2, passed
    told: symbolic link
    """
    own = folder / "links-in-a-folder"
    write_files(own, WITHOUT_WORDS)
    (own / "words.py").symlink_to(folder / "0-honest" / "words.py")
    (own / "root").symlink_to("/")
    (own / "loop").symlink_to(own)
    return own


def link_to_a_folder(folder: Path) -> Path:
    """Hands in a link to another student's folder.

    task 1: 0, not checked
    task 2: 0, not checked
    told: symbolic link
    """
    own = folder / "link-to-a-folder"
    own.symlink_to(folder / "0-honest")
    return own


def link_to_nowhere_at_length(folder: Path) -> Path:
    """Hands in a link whose target is longer than any name can be.

    task 1: 0, not checked
    task 2: 0, not checked
    told: symbolic link
    """
    own = folder / "link-to-nowhere-at-length"
    own.symlink_to("x" * 300)
    return own


def link_to_itself(folder: Path) -> Path:
    """Hands in a link that leads to itself, called like a zip.

    task 1: 0, not checked
    task 2: 0, not checked
    told: symbolic link
    """
    own = folder / "link-to-itself.zip"
    own.symlink_to("link-to-itself.zip")
    return own


def path_of_four_thousand_bytes(folder: Path) -> Path:
    """Hands in a helper module that lies as deep as paths reach, in long folders.

    task 1: 3, passed
    task 2: 2, passed
    told: its name is too long
    """
    own = _honest(folder / "path-of-four-thousand-bytes")
    return _nest(own, ["d" * 200] * 19, "helper.py")


def tree_without_a_bottom(folder: Path) -> Path:
    """Hands in folders nested deeper than Python's recursion.

    task 1: 3, passed
    task 2: 2, passed
    told: lies in too many folders
    """
    own = _honest(folder / "tree-without-a-bottom")
    return _nest(own, ["d"] * 1_500, "helper.py")


def names_as_long_as_can_be(folder: Path) -> Path:
    """Hands in modules whose names are as long as names can be, or not even text.

    task 1: 3, passed
    task 2: 2, passed
    told: its name holds characters
    """
    own = _honest(folder / "names-as-long-as-can-be")
    for name in (b"x" * 252 + b".py", b"\xff" * 252 + b".py", b"a\nb.py"):
        (own / os.fsdecode(name)).touch()
    return own


def closed_files(folder: Path) -> Path:
    """Hands in a helper, and a folder, that nobody may read.

    task 1: 3, passed
    task 2: 2, passed
    """
    own = _honest(folder / "closed-files")
    (own / "helper.py").touch(0o000)
    (own / "closed").mkdir()
    (own / "closed" / "helper.py").touch()
    (own / "closed").chmod(0o000)
    return own


def file_of_a_terabyte(folder: Path) -> Path:
    """Hands in a helper of a terabyte that takes no room on the disk.

    task 1: 3, passed
    task 2: 2, passed
    told: larger than 1 MB
    """
    own = _honest(folder / "file-of-a-terabyte")
    with (own / "helper.py").open("wb") as file:
        file.truncate(2**40)
    return own


def pipe_in_a_folder(folder: Path) -> Path:
    """Hands in a pipe, on which whoever reads it would wait.

    task 1: 0, failed
    task 2: 2, passed
    told: device, pipe or socket
    """
    own = folder / "pipe-in-a-folder"
    write_files(own, WITHOUT_WORDS)
    os.mkfifo(own / "words.py")
    return own


def forged_times(folder: Path) -> Path:
    """Hands in files from long before the clock began, and from the far future.

    task 1: 3, passed
    task 2: 2, passed
    """
    own = folder / "forged-times"
    write_files(own, FILES)
    os.utime(own / "words.py", (-(2**31), -(2**31)))
    os.utime(own / "numbers_of_words.py", (2**33, 2**33))
    return own


def zip_with_forged_times(folder: Path) -> Path:
    """Packs files with dates that no calendar has.

    task 1: 3, passed
    task 2: 2, passed
    """
    data = pack({**FILES}, date_time=(2107, 15, 31, 31, 63, 62))
    return _write(folder / "zip-with-forged-times.zip", data)


def zip_leads_out(folder: Path) -> Path:
    """Packs files that would be unpacked over the results.

    task 1: 0, not checked
    task 2: 0, not checked
    told: leads out
    """
    data = pack({**FILES, "../../../results/0-honest.json": "{}", "/tmp/x.py": ""})
    return _write(folder / "zip-leads-out.zip", data)


def zip_with_links(folder: Path) -> Path:
    """Packs a link to the root, and a file that lies behind it.

    task 1: 0, not checked
    task 2: 0, not checked
    told: symbolic link
    """
    data = pack({**FILES, "way": "/"}, external_attr=(stat.S_IFLNK | 0o777) << 16)
    return _write(folder / "zip-with-links.zip", data)


def zip_with_devices(folder: Path) -> Path:
    """Packs a device.

    task 1: 0, not checked
    task 2: 0, not checked
    told: device, pipe or socket
    """
    data = pack({**FILES, "disk.py": ""}, external_attr=(stat.S_IFBLK | 0o666) << 16)
    return _write(folder / "zip-with-devices.zip", data)


def zip_bomb(folder: Path) -> Path:
    """Packs 64 MB of source into some kilobytes.

    task 1: 0, not checked
    task 2: 0, not checked
    told: times
    """
    bomb = {f"words{number}.py": "#" * 2**20 for number in range(64)}
    return _write(folder / "zip-bomb.zip", pack({**FILES, **bomb}))


def zip_that_overlaps(folder: Path) -> Path:
    """Packs a thousand entries that share the bytes of one.

    task 1: 0, not checked
    task 2: 0, not checked
    told: shares bytes
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as zipped:
        for name, text in FILES.items():
            zipped.writestr(name, text)
        for number in range(100):
            again = zipfile.ZipInfo(f"again{number}.py")
            shared = zipped.filelist[0]
            for part in ("header_offset", "CRC", "file_size", "compress_size"):
                setattr(again, part, getattr(shared, part))
            zipped.filelist.append(again)
    return _write(folder / "zip-that-overlaps.zip", buffer.getvalue())


def zip_that_is_encrypted(folder: Path) -> Path:
    """Packs files under a password.

    task 1: 0, not checked
    task 2: 0, not checked
    told: encrypted
    """
    data = bytearray(pack({**FILES}))
    for magic, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.rindex(magic) + flags] |= 1
    return _write(folder / "zip-that-is-encrypted.zip", bytes(data))


def zip_with_twins(folder: Path) -> Path:
    """Packs two files of one name, one for whoever looks and one for the marks.

    task 1: 0, not checked
    task 2: 0, not checked
    told: twice
    """
    with warnings.catch_warnings(action="ignore"):
        data = pack([*FILES.items(), ("words.py", WRONG)])
    return _write(folder / "zip-with-twins.zip", data)


def zip_in_a_zip(folder: Path) -> Path:
    """Packs a zip in a zip in a zip in a zip, as deep as zips are opened.

    task 1: 3, passed
    task 2: 2, passed
    """
    return _write(folder / "zip-in-a-zip.zip", _pack_again(pack({**FILES}), 3))


def archives_without_end(folder: Path) -> Path:
    """Packs zips in zips, deeper than any are opened.

    task 1: 0, not checked
    task 2: 0, not checked
    told: 3 levels deep
    """
    return _write(folder / "archives-without-end.zip", _pack_again(pack({**FILES}), 30))


def inner_archive_that_leads_out(folder: Path) -> Path:
    """Hands in a folder with a zip whose names lead out of it.

    task 1: 0, not checked
    task 2: 0, not checked
    told: leads out
    """
    own = folder / "inner-archive-that-leads-out"
    data = pack({**FILES, "../../../results/0-honest.json": "{}"})
    own.mkdir()
    _write(own / "work.zip", data)
    return own


def _pack_again(data: bytes, times: int) -> bytes:
    for _ in range(times):
        data = pack({"again.zip": data})
    return data


def zip_with_odd_names(folder: Path) -> Path:
    """Packs names in an old encoding, and one with a control character.

    task 1: 3, passed
    task 2: 2, passed
    told: left out
    """
    data = pack({**FILES, "caf?.txt": "", "x\x1b[2J.py": RAISES})
    return _write(folder / "zip-with-odd-names.zip", data.replace(b"caf?", b"caf\x82"))


def zip_with_a_nul(folder: Path) -> Path:
    """Packs a name that ends earlier for some readers than for others.

    task 1: 0, not checked
    task 2: 0, not checked
    told: NUL
    """
    data = pack({**FILES, "words.py\0.txt": WRONG})
    return _write(folder / "zip-with-a-nul.zip", data)


def zip_that_lies_about_sizes(folder: Path) -> Path:
    """Packs a file that unpacks to more than it says.

    task 1: 0, not checked
    task 2: 0, not checked
    told: size
    """
    data = pack({**FILES, "more.py": "#" * 2**16}, file_size=100)
    return _write(folder / "zip-that-lies-about-sizes.zip", data)


def zip_of_very_many(folder: Path) -> Path:
    """Lists more entries than a zip of its size can hold.

    task 1: 0, not checked
    task 2: 0, not checked
    told: zip
    """
    data = bytearray(pack({**FILES}))
    end = data.rindex(b"PK\5\6")
    struct.pack_into("<HH", data, end + 8, 0xFFFF, 0xFFFF)
    struct.pack_into("<I", data, end + 12, 0xFFFFFFF0)
    return _write(folder / "zip-of-very-many.zip", bytes(data))


def no_zip_at_all(folder: Path) -> Path:
    """Calls a gigabyte of nothing a zip.

    task 1: 0, not checked
    task 2: 0, not checked
    told: zip
    """
    path = folder / "no-zip-at-all.zip"
    with path.open("wb") as file:
        file.truncate(2**30)
    return path


def name_of_a_formula(folder: Path) -> Path:
    """Calls itself what a spreadsheet would run.

    task 1: 3, passed
    task 2: 2, passed
    """
    return _honest(folder / '=HYPERLINK("http:\\\\x","A")+cmd|\' \' !A1')


def name_of_two_cells(folder: Path) -> Path:
    """Calls itself what is a formula where semicolons separate cells.

    task 1: 3, passed
    task 2: 2, passed
    """
    return _honest(folder / "ada;=1+1;'")


def name_of_html(folder: Path) -> Path:
    """Calls itself what a browser would run.

    task 1: 3, passed
    task 2: 2, passed
    """
    return _honest(folder / '"><img src=x onerror=alert(1)><!-- {{ 7*7 }} {% raw %}')


def name_of_lines(folder: Path) -> Path:
    """Calls itself what would be a row of its own in the grades.

    task 1: 3, passed
    task 2: 2, passed
    """
    return _honest(folder / "x,3.0,2.0,5.0,passed\nroot,3.0\r,\t\x1b[2J\x07")


def name_that_is_long(folder: Path) -> Path:
    """Calls itself as long a name as there can be.

    task 1: 3, passed
    task 2: 2, passed
    """
    return _honest(folder / ("ä" * 120))


def name_that_turns(folder: Path) -> Path:
    """Calls itself what reads like another's name, backwards and invisibly.

    task 1: 3, passed
    task 2: 2, passed
    """
    return _honest(folder / "0-honest\u200b\u202etsenoh")


def name_of_an_option(folder: Path) -> Path:
    """Calls itself like an option of commands that remove folders.

    task 1: 3, passed
    task 2: 2, passed
    """
    return _honest(folder / "-rf ~ $(touch x) `id` ; %s {0}")


def name_without_encoding(folder: Path) -> Path:
    """Calls itself by bytes that are no text.

    task 1: 3, passed
    task 2: 2, passed
    """
    return _honest(folder / os.fsdecode(b"\xff\xfe\x80"))


def name_of_dots(folder: Path) -> Path:
    """Calls itself, but for a backslash, like a way out of the folder of results.

    task 1: 3, passed
    task 2: 2, passed
    """
    return _honest(folder / "x\\..\\..\\bait\\other-student")


def _honest(own: Path) -> Path:
    write_files(own, FILES)
    return own


def _nest(own: Path, parts: list[str], name: str) -> Path:
    """Make a file in folders, however long the way down is."""
    with contextlib.chdir(own):
        for part in parts:
            os.mkdir(part)  # noqa: PTH102 (a Path is slow, a thousand times)
            os.chdir(part)
        Path(name).touch()
    return own


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


UPLOADS: dict[str, Upload] = {
    made.__name__: made
    for made in (
        *(conftest_hooks, pytest_settings, entry_point, library_shadows),
        *(
            compiled_code,
            tells_what_it_saw,
            unusual_encoding,
            deep_source,
            large_source,
        ),
        *(links_in_a_folder, link_to_a_folder, pipe_in_a_folder, forged_times),
        *(link_to_nowhere_at_length, link_to_itself, path_of_four_thousand_bytes),
        *(tree_without_a_bottom, names_as_long_as_can_be, closed_files),
        file_of_a_terabyte,
        *(zip_with_forged_times, zip_leads_out, zip_with_links, zip_with_devices),
        *(zip_bomb, zip_that_overlaps, zip_that_is_encrypted, zip_with_twins),
        *(zip_in_a_zip, archives_without_end, inner_archive_that_leads_out),
        *(zip_with_odd_names, zip_with_a_nul),
        *(zip_that_lies_about_sizes, zip_of_very_many, no_zip_at_all),
        *(
            name_of_a_formula,
            name_of_two_cells,
            name_of_html,
            name_of_lines,
            name_that_is_long,
        ),
        *(name_that_turns, name_of_an_option, name_without_encoding, name_of_dots),
    )
}


def read_uploads() -> dict[str, Attack]:
    """Read what the uploads declare."""
    return {
        name: read_declaration(name, made.__doc__ or "")
        for name, made in UPLOADS.items()
    }
