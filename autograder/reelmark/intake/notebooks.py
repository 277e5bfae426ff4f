"""Notebooks that were handed in instead of modules: what marking takes from them.

If only a notebook was handed in, the modules are put together from its cells
(`assembly`). If modules were handed in as well, the modules count, and a note says
where the notebook differs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reelmark.intake.assembly import Functions
from reelmark.intake.cells import is_export
from reelmark.intake.kinds import NOTEBOOK, Parts, show
from reelmark.intake.reading import Order, read


@dataclass(frozen=True)
class Found:
    """What was found in notebooks.

    Attributes:
        files: The modules that were put together, by their file names.
        notes: Sentences for the author and for the marker.
        home: The folder of the submission that holds the notebooks and the files that
            they may import.
    """

    files: Mapping[Parts, bytes]
    notes: tuple[str, ...]
    home: Parts = ()


def put_together(files: Mapping[Parts, bytes], functions: Functions) -> Found:
    """Put together the modules of a submission that has none.

    Args:
        files: Source and notebooks of the submission, by name.
        functions: The functions that are asked for, by module.
    """
    texts, notes = _find_texts(files, functions)
    if not texts:
        return Found({}, tuple(notes))
    made = read(Order(functions, texts, {}))
    if not made.modules:
        return Found({}, (*notes, *made.notes))
    names = {"/".join(name): name for name in files}
    home = min((names[origin][:-1] for origin in made.origins), key=len)
    told = (
        "No module was handed in as a .py file, so they were put together from "
        f"{' and '.join(map(show, made.origins))}, which was read and not run."
    )
    modules: dict[Parts, bytes] = {
        (f"{name}.py",): text.encode() for name, text in made.modules.items()
    }
    return Found(modules, (told, *notes, *made.notes), home)


def find_differences(
    files: Mapping[Parts, bytes],
    functions: Functions,
    modules: Mapping[Parts, bytes],
) -> tuple[str, ...]:
    """Say where notebooks differ from the modules, which are what counts.

    Args:
        files: Notebooks of the submission, by name.
        functions: The functions that are asked for, by module.
        modules: The modules that were handed in.
    """
    texts, _ = _find_texts(files, functions)
    if not texts:
        return ()
    sources = {
        name[-1].removesuffix(".py"): text.decode("utf-8", "replace")
        for name, text in modules.items()
    }
    return tuple(read(Order(functions, texts, sources)).notes)


def _find_texts(
    files: Mapping[Parts, bytes], functions: Functions
) -> tuple[dict[str, str], list[str]]:
    """Return the notebooks, and exports of notebooks, that may hold part of a module.

    A text with neither a mark nor the name of a function is not worth a process.
    """
    wanted = [name for names in functions.values() for name in names]
    either = "|".join(map(re.escape, wanted))
    pattern = rf"%%(?:module|writefile|file)\s|\b(?:{either})\b"
    telling = re.compile(pattern.encode())
    texts, notes = {}, []
    for name, content in sorted(files.items()):
        is_notebook = NOTEBOOK.holds(name)
        if not telling.search(content):
            continue
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            if is_notebook:
                notes.append(f"{show('/'.join(name))} was left out: it is not UTF-8.")
            continue
        if is_notebook or is_export(text):
            texts["/".join(name)] = text
    return texts, notes
