"""Display: which parts of a student's notebook a marker's browser shows.

Markers look at notebooks in the formgrader, whose page may change any mark. A
script in a notebook would run there with the marker's rights, so only text and
pictures are left.
"""

from __future__ import annotations

import re
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

HARMLESS = frozenset({"text/plain", "image/png", "image/jpeg"})
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_TAG = re.compile(r"<(?=[A-Za-z/!?])(?!https?://)")
# A link, or a link definition, that leads neither to the web nor to a file.
_LINK = re.compile(
    r"\](?=[(:](?!\s*(?:https?://|mailto:|attachment:|#|[\w./-]+(?:[)\s]|$))))"
)


class HarmlessDisplay(NbGraderPreprocessor):  # type: ignore[misc]
    """Removes from a notebook whatever a browser would run."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Any, _index: int
    ) -> tuple[NotebookNode, Any]:
        """Keep only text and pictures."""
        table = cell.metadata.get("nbgrader", {})
        is_released = table.get("locked") and not table.get("solution")
        if cell.cell_type == "code":
            cell.outputs = [_tame_output(output) for output in cell.outputs]
        for name, content in list(cell.get("attachments", {}).items()):
            cell.attachments[name] = _tame_data(content)
        if cell.cell_type != "code" and not is_released:
            cell.source = escape_markdown(cell.source)
            if not _can_be_shown(cell):
                text = cell.source.replace("`", "'")
                cell.source = f"```text\n{text}\n```"
        return cell, resources


def escape_markdown(text: str) -> str:
    r"""Return Markdown with its HTML shown as text, and with harmless links.

    Examples:
        >>> escape_markdown("a < b, <b>bold</b>")
        'a < b, &lt;b>bold&lt;/b>'
        >>> print(escape_markdown("[web](https://a.b) [code](javascript:alert())"))
        [web](https://a.b) [code]\(javascript:alert())
    """
    return _LINK.sub(r"]\\", _TAG.sub("&lt;", text))


def _can_be_shown(cell: NotebookNode) -> bool:
    """Return whether nbconvert can: a missing attachment ends it with an error."""
    renderer = IPythonRenderer(escape=False, attachments=cell.get("attachments", {}))
    try:
        MarkdownWithMath(renderer=renderer).render(cell.source)
    except Exception:  # whatever a text may do to a parser
        return False
    return True


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
