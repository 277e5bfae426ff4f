"""Dates that marks depend on: one form, read the same way on every machine."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from reelmark.errors import UsageError
from reelmark.intake.moments import find_zone, parse_moment, show_moment

FIVE = datetime(2026, 3, 6, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-06T17:00Z", "2026-03-06T17:00:00Z", "2026-03-06t17:00z"),
        *("2026-03-06 17:00 UTC", "2026-03-06 17:00Z", "  2026-03-06  17:00 UTC "),
        *("2026-03-06T17:00+00:00", "2026-03-06T18:00+01:00", "2026-03-06T18:00+0100"),
        *("2026-03-06T09:00-08:00", "2026-03-06T17:00:00.000000Z"),
    ],
)
def test_moment_with_its_zone_is_read(text: str) -> None:
    """The same moment, written in any zone, is the same."""
    assert parse_moment(text) == FIVE


def test_day_alone_is_its_end() -> None:
    """Whoever hands in on the day itself is in time."""
    assert parse_moment("2026-03-06") == datetime(2026, 3, 6, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("Europe/London", "2026-07-01 22:59:59 UTC"),
        ("America/Los_Angeles", "2026-07-02 06:59:59 UTC"),
        ("utc", "2026-07-01 23:59:59 UTC"),
    ],
)
def test_day_ends_in_the_zone_of_the_course(zone: str, end: str) -> None:
    """The end of a day is in the course's time zone, including summer time."""
    assert show_moment(parse_moment("2026-07-01", find_zone(zone))) == end


def test_day_on_which_clocks_change_ends_at_its_midnight() -> None:
    """A day of 23 hours is not counted as 24."""
    end = parse_moment("2026-03-29", find_zone("Europe/London"))
    assert show_moment(end) == "2026-03-29 22:59:59 UTC"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("06/03/2026", "is 2026-03-06 or 2026-06-03: write which"),
        ("9.3.2026 17:00", "is 2026-03-09 or 2026-09-03: write which"),
        ("25-03-2026", "is to be written 2026-03-25"),
        ("06/06/2026", "is to be written 2026-06-06"),
        ("32/13/2026", "is no day there is"),
        ("2026-03-06 17:00", "has no time zone: add Z for UTC, or an offset"),
        ("2026-03-06T17:00:00", "has no time zone"),
        ("2026-03-06 12:00 PST", "names a time zone, PST, whose offset differs"),
        ("2026-03-06 12:00 Europe/London", "names a time zone, Europe/London"),
        ("2026-02-30", "is no moment there is (day is out of range for month)"),
        ("2026-03-06T24:30Z", "is no moment there is"),
        ("2026-03-06T17:00+99:00", "is no moment there is"),
        ("9999-12-31", "is no moment there is"),
        ("", "is empty: a date is needed"),
        *(
            (text, "is not a date that can be read one way only")
            for text in (
                *("soon", "6 March 2026", "2026-3-6", "20260306", "2026-W10"),
                *("1773000000", "26-03-06", "2026-03-06T17Z", "46087"),
                "\uff12\uff10\uff12\uff16-03-06",
            )
        ),
    ],
)
def test_date_that_can_be_read_two_ways_is_refused(text: str, told: str) -> None:
    """Anything not in this form is refused, with what to write."""
    with pytest.raises(ValueError, match=re.escape(told)):
        parse_moment(text)


@pytest.mark.parametrize("text", ["2026-03-06", "2026-03-06T17:00:30-05:00"])
def test_what_is_shown_can_be_read_back(text: str) -> None:
    """The printed form can be read back."""
    moment = parse_moment(text)
    assert parse_moment(show_moment(moment)) == moment


@pytest.mark.parametrize(
    "name", ["PST8", "Europe/Camelot", "", "../UTC", "/etc/passwd"]
)
def test_unknown_zone_is_refused(name: str) -> None:
    """A zone that this machine does not know is named."""
    with pytest.raises(UsageError, match="is not a time zone of this machine"):
        find_zone(name)
