"""How help lists commands: by whom they are for, each with its whole first sentence."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

STUDENTS = "For students"
INSTRUCTORS = "For instructors"
ENGINEERS = "For engineers"


class Commands(TyperGroup):
    """Commands under the headings that their `rich_help_panel` names."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 (click's)
        """Write a list for each heading, in the order in which they first appear.

        Args:
            ctx: Context of the command, a class of the click that typer brings along.
            formatter: What writes the page, a class of the same.
        """
        lists: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            heading = getattr(command, "rich_help_panel", None) or "Commands"
            sentence = command.get_short_help_str(limit=formatter.width * 3)
            lists.setdefault(heading, []).append((name, sentence))
        for heading, rows in lists.items():
            with formatter.section(heading):
                formatter.write_dl(rows)
