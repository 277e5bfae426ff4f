"""Moments: dates that marks depend on, in a form that can be read in only one way.

ISO 8601 with a time zone: ``2026-03-06T17:00Z``, ``2026-03-06 17:00+01:00``. A day
alone, ``2026-03-06``, means its last second, in the configured time zone. The ``T``
may be a blank, and ``Z`` may be the word ``UTC``. Nothing else is accepted as a date:
``06/03/2026`` is a different day, and ``PST`` a different hour, in other countries.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reelmark.errors import UsageError

FORM = (
    "2026-03-06T17:00Z, 2026-03-06T17:00+01:00, or 2026-03-06 for the end of that day"
)
"""Examples of the form, for messages."""

_FLAGS = re.IGNORECASE | re.ASCII
_DAY = r"(?P<day>\d{4}-\d\d-\d\d)"
_TIME = r"(?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)"
_ZONE = r"(?P<zone>Z|UTC|[+-]\d\d:?\d\d)"
_MOMENT = re.compile(rf"{_DAY}(?:[T ]{_TIME} ?{_ZONE})?", _FLAGS)
_WITHOUT_ZONE = re.compile(rf"{_DAY}[T ]{_TIME}", _FLAGS)
_NAMED_ZONE = re.compile(rf"{_DAY}[T ]{_TIME} ?(?P<name>[A-Z][A-Z/_]*)", _FLAGS)
_SLASHES = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\b.*")


def parse_moment(text: str, zone: tzinfo = UTC) -> datetime:
    """Return the moment that a text names, in UTC.

    Args:
        text: The text; blanks at its ends do not matter.
        zone: The time zone of a day that is given without a time.

    Raises:
        ValueError: It names no moment, or may name several; the message says what to
            write.

    Examples:
        >>> str(parse_moment("2026-03-06T17:00+01:00"))
        '2026-03-06 16:00:00+00:00'
        >>> str(parse_moment("2026-03-06"))
        '2026-03-06 23:59:59+00:00'
        >>> parse_moment("06/03/2026")
        Traceback (most recent call last):
        ValueError: '06/03/2026' is 2026-03-06 or 2026-06-03: write which
    """
    stripped = " ".join(text.split())
    found = _MOMENT.fullmatch(stripped)
    if not found:
        raise ValueError(f"{stripped[:60]!r} {_find_fault(stripped)}")
    try:
        return _read(found, zone)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{stripped!r} is no moment there is ({error})") from error


def show_moment(moment: datetime) -> str:
    """Return a moment as text, in a form that can be read back.

    Examples:
        >>> show_moment(parse_moment("2026-03-06"))
        '2026-03-06 23:59:59 UTC'
        >>> show_moment(parse_moment("2026-03-06T17:00Z"))
        '2026-03-06 17:00 UTC'
    """
    form = "%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M"
    return f"{moment.astimezone(UTC):{form}} UTC"


def tell_past(moment: datetime, now: datetime | None = None) -> str:
    """Return how long ago a moment was, in words that follow it; nothing if it comes.

    Examples:
        >>> due = parse_moment("2026-03-06T17:00Z")
        >>> tell_past(due, parse_moment("2027-03-06T17:00Z"))
        ', 365 days ago'
    """
    days = ((now or datetime.now(UTC)) - moment) // timedelta(days=1)
    return f", {days} days ago" if days > 1 else ", yesterday" if days == 1 else ""


def find_zone(name: str) -> tzinfo:
    """Return a time zone by its name in the IANA's list, such as ``Europe/London``.

    Raises:
        UsageError: There is no zone of that name.
    """
    if name.upper() in ("UTC", "Z"):
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"{name!r} is not a time zone of this machine. Name one such as "
            "Europe/London, America/New_York or UTC."
        ) from error


def _read(found: re.Match[str], zone: tzinfo) -> datetime:
    day = datetime.fromisoformat(found["day"])
    if found["time"] is None:
        midnight = datetime.combine(day + timedelta(days=1), time(), zone)
        return midnight.astimezone(UTC) - timedelta(seconds=1)
    offset = "+00:00" if found["zone"].upper() in ("Z", "UTC") else found["zone"]
    return datetime.fromisoformat(f"{found['day']}T{found['time']}{offset}").astimezone(
        UTC
    )


def _find_fault(text: str) -> str:
    """Say why a text is not a moment, and what to write instead."""
    if not text:
        return "is empty: a date is needed"
    if found := _SLASHES.fullmatch(text):
        return _explain_slashes(int(found[1]), int(found[3]), found[4])
    if _WITHOUT_ZONE.fullmatch(text):
        return "has no time zone: add Z for UTC, or an offset such as +01:00"
    if found := _NAMED_ZONE.fullmatch(text):
        return (
            f"names a time zone, {found['name']}, whose offset differs by place or by "
            "season: write the offset, such as -08:00, or Z for UTC"
        )
    return f"is not a date that can be read one way only: write it like {FORM}"


def _explain_slashes(first: int, second: int, year: str) -> str:
    """Say which days a date may mean that begins with the day or the month."""
    pairs = ((second, first), (first, second))
    days = [f"{year}-{m:02}-{d:02}" for m, d in pairs if 1 <= m <= 12 and 1 <= d <= 31]
    if not days:
        return f"is no day there is: write it like {FORM}"
    *others, last = dict.fromkeys(days)
    if not others:
        return f"is to be written {last} (a spreadsheet may have changed it)"
    return f"is {others[0]} or {last}: write which"
