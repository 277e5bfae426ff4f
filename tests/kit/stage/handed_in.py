"""What students hand in: files, zips of them, and names that nobody expects."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import strategies as st

Files = dict[str, str | bytes]

WORK = {"reader.py": "x = 1\n", "writer.py": "y = 2\n"}
linux_only = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems refuse such file names"
)


def pack(
    entries: Files | list[tuple[str, str | bytes]],
    *,
    method: int = zipfile.ZIP_DEFLATED,
    **patch: int,
) -> bytes:
    """Return a zip whose list describes its last entry as ``patch`` says."""
    buffer = io.BytesIO()
    pairs = list(entries.items()) if isinstance(entries, dict) else entries
    with zipfile.ZipFile(buffer, "w", method) as zipped:
        for name, content in pairs:
            info = zipfile.ZipInfo(name)
            info.filename = name  # its constructor cuts a name at a NUL
            info.compress_type = method
            zipped.writestr(info, content)
        for key, value in patch.items():
            setattr(zipped.filelist[-1], key, value)
    return buffer.getvalue()


def save_folder(folder: Path, files: Mapping[str, str]) -> Path:
    """Write ``files`` below ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def save_zip(path: Path, files: Mapping[str, str]) -> Path:
    """Write a zip of ``files``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
    return path


def list_files(folder: Path) -> list[str]:
    """List the files below ``folder``, relative to it."""
    paths = (path for path in folder.rglob("*") if not path.is_dir())
    return sorted(path.relative_to(folder).as_posix() for path in paths)


PIECES = st.sampled_from(["..", ".", "", "C:", "\\", "\0", "a", "A", "own", "é", ".x"])
NAMES = st.one_of(
    st.text(max_size=20), st.lists(st.one_of(PIECES, st.text(max_size=5))).map("/".join)
)
