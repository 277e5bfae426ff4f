"""Looks: pictures of what a student's functions drew, kept for the instructor.

They are made on request (`reelmark.desk.looking`), so they cost no time when marking;
and they belong to one marking, so a page never shows outdated ones.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from reelmark.files import write_whole

FOLDER = "pictures"
"""The folder, among the results of a class, with a file for each student."""


@dataclass(frozen=True)
class Picture:
    """What one function drew: a PNG in base64, or an explanation instead."""

    task: str
    caption: str
    png: str
    words: str = ""


def write_pictures(path: Path, fingerprint: str, pictures: Sequence[Picture]) -> None:
    """Keep the pictures that belong to a result with this fingerprint."""
    content = {"fingerprint": fingerprint, "pictures": [asdict(p) for p in pictures]}
    write_whole(path, json.dumps(content, indent=1))


def read_pictures(path: Path, fingerprint: str) -> list[Picture]:
    """Return the pictures that belong to a result; none if they belong to another."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["fingerprint"] == fingerprint:
            return [Picture(**picture) for picture in content["pictures"]]
    return []


def encode_png(png: bytes) -> str:
    """Return a PNG as text."""
    return base64.b64encode(png).decode("ascii")
