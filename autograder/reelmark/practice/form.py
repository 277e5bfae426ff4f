"""Form: how findings are printed, for people or for programs."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """What the findings of a check are printed as."""

    TEXT = "text"
    GITHUB = "github"
    JSON = "json"
