"""The report: the student's version is cut from the solved notebook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit.stage import mini
from reelmark.errors import UsageError
from reelmark.handout import generated, report


def make_notebook(*sources: str, kind: str = "markdown") -> str:
    """Return a notebook of some cells as JSON."""
    extra = {"outputs": ["old"], "execution_count": 7} if kind == "code" else {}
    made = [
        {"cell_type": kind, "id": f"c{number}", "metadata": {}, **extra}
        | {"source": source.splitlines(keepends=True)}
        for number, source in enumerate(sources)
    ]
    book = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book)


class TestCutReport:
    """Cutting the student's version out of a solved notebook."""

    def test_region_gives_way_to_a_placeholder(self) -> None:
        """What stood in a region is gone; the text around it stays."""
        source = (
            "Why?\n<!-- BEGIN SOLUTION -->\nIt is.\n\nYes.\n<!-- END SOLUTION -->\nSo."
        )
        cut = json.loads(report.cut_report(make_notebook(source)))
        assert "".join(cut["cells"][0]["source"]) == f"Why?\n{report.PLACEHOLDER}\nSo."

    def test_outputs_are_dropped(self) -> None:
        """A notebook that was run is handed out as if it had not been."""
        cut = json.loads(report.cut_report(make_notebook("1 + 1", kind="code")))
        assert cut["cells"][0]["outputs"] == []
        assert cut["cells"][0]["execution_count"] is None

    def test_region_without_an_end_is_named(self) -> None:
        """A marker out of place is refused with file, cell and line."""
        source = make_notebook("fine", "\n<!-- BEGIN SOLUTION -->\nsecret")
        with pytest.raises(UsageError, match=r"^r, cell c1, line:2: .* has no end"):
            report.cut_report(source, "r")

    @pytest.mark.parametrize("source", ["", "[]", '{"worksheets": []}'])
    def test_something_else_is_refused(self, source: str) -> None:
        """A file that is no notebook of format 4 is named in a sentence."""
        with pytest.raises(UsageError, match=r"^r is not a notebook of format 4: "):
            report.cut_report(source, "r")

    def test_coursework_without_a_report_has_none(self, tmp_path: Path) -> None:
        """Without a solved notebook, none is cut or missed."""
        coursework = mini.write_coursework(tmp_path)
        assert generated.write_drifted(report.make_texts(coursework)) == []
        assert generated.find_drifted(report.make_texts(coursework)) == []
        assert not (coursework.stubs / report.NAME).exists()

    def test_edited_report_has_drifted(self, tmp_path: Path) -> None:
        """A version that was edited by hand is found, and rewritten on request."""
        coursework = mini.write_coursework(tmp_path)
        coursework.solutions.mkdir()
        (coursework.solutions / report.NAME).write_text(make_notebook("Why?"))
        path = coursework.stubs / report.NAME
        assert generated.write_drifted(report.make_texts(coursework)) == [path]
        assert generated.find_drifted(report.make_texts(coursework)) == []
        path.write_text(path.read_text().replace("Why?", "How?"))
        assert generated.find_drifted(report.make_texts(coursework)) == [path]
        assert "How?" in path.read_text()
