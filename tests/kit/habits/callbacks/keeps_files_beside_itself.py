"""Writes a file beside itself when it is imported, and reads it later."""

from pathlib import Path

NOTES = Path(__file__).with_name("notes.txt")
NOTES.write_text("0.01", encoding="utf-8")
_scheduler = scheduler


def scheduler(epoch, lr):
    assert NOTES.read_text(encoding="utf-8") == "0.01"
    return _scheduler(epoch, lr)
