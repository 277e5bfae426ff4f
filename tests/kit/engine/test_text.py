"""Text: what of a stranger's words reaches a terminal."""

from __future__ import annotations

from reelmark import text


def test_control_characters_are_shown_as_escapes() -> None:
    """A terminal's colour codes are written out, not obeyed."""
    assert text.show_controls("\x1b[31mred\n", keep="\n") == "\\x1b[31mred\n"
