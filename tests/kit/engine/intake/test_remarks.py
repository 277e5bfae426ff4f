"""Remarks: uses of the engine's modules are found, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from reelmark.intake.remarks import MAX_REMARKS, find_uses_of_engine


@pytest.mark.parametrize(
    "line",
    [
        "import reelmark.worker.observe as o",
        "import os, reelmark",
        "    from reelmark import wire",
        'sys.modules["reelmark.worker.runner"].Worker = None',
        "importlib.import_module('reelmark' + '.wire')",
        "sys.modules['_reelmark_ingredients']",
    ],
)
def test_use_is_found_with_its_place(line: str, tmp_path: Path) -> None:
    """An import, or a module's name in a string, is reported with file and line."""
    (tmp_path / "dough.py").write_text(f"x = 1\n{line}\n", encoding="utf-8")
    assert find_uses_of_engine(tmp_path) == (f"dough.py, line 2: {line.strip()}",)


@pytest.mark.parametrize(
    "text",
    [
        "# import reelmark\n",
        '"""Checked with `reelmark check 1a`."""\n',
        "import numpy\n",
        "x = 'my reelmark'\n",
    ],
)
def test_what_only_mentions_it_is_no_use(text: str, tmp_path: Path) -> None:
    """Comments and docstrings may name the command that students type."""
    (tmp_path / "dough.py").write_text(text, encoding="utf-8")
    assert find_uses_of_engine(tmp_path) == ()


def test_folder_with_the_name_of_a_file_is_walked(tmp_path: Path) -> None:
    """What lies in a folder called so is read; the folder itself is no file."""
    (tmp_path / "dough.py").mkdir()
    (tmp_path / "dough.py" / "a.py").write_text("import reelmark", encoding="utf-8")
    assert find_uses_of_engine(tmp_path) == ("dough.py/a.py, line 1: import reelmark",)


def test_list_of_uses_ends(tmp_path: Path) -> None:
    """If there are many such lines, only the first are shown, and shortened."""
    line = "import reelmark\x1b[2J" + "a" * 10_000 + "\n"
    (tmp_path / "a.py").write_text(line * 1000, encoding="utf-8")
    found = find_uses_of_engine(tmp_path)
    assert len(found) == MAX_REMARKS + 1
    assert max(map(len, found)) < 200
    assert "\x1b" not in "".join(found)
