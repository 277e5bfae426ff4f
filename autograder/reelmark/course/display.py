"""Display: what of a student's notebook a marker's browser is shown.

Markers look at notebooks in the formgrader, whose page may change any mark. A
script in a notebook would run there with the marker's rights, so only text and
pictures are left.
"""

from __future__ import annotations

import re
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

HARMLESS = frozenset({"text/plain", "image/png", "image/jpeg"})
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_TAG = re.compile(r"<(?=[A-Za-z/!?])(?!https?://)")


class HarmlessDisplay(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes out of a notebook what a browser would run."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, _index: int
    ) -> tuple[NotebookNode, Any]:
        """Leave text and pictures."""
        table = cell.metadata.get("nbgrader", {})
        is_released = table.get("locked") and not table.get("solution")
        if cell.cell_type == "code":
            cell.outputs = [_tame_output(output) for output in cell.outputs]
        elif not is_released:
            cell.source = escape_tags(cell.source)
        for name, content in list(cell.get("attachments", {}).items()):
            cell.attachments[name] = _tame_data(content)
        return cell, resources


def escape_tags(markdown: str) -> str:
    """Return Markdown whose HTML tags are shown instead of obeyed.

    Examples:
        >>> escape_tags("a < b, <b>bold</b>")
        'a < b, &lt;b>bold&lt;/b>'
    """
    return _TAG.sub("&lt;", markdown)


def _tame_output(output: NotebookNode) -> NotebookNode:
    if "data" in output:
        output.data = _tame_data(output.data)
        output.metadata = NotebookNode()
    return output


def _tame_data(data: NotebookNode) -> NotebookNode:
    kept = {
        kind: content
        for kind, content in data.items()
        if kind in HARMLESS and isinstance(content, str)
        if kind == "text/plain" or _BASE64.fullmatch(content)
    }
    return NotebookNode(kept)
