"""Stand-ins: what takes the place of an earlier task when a check is run again.

A check that does not pass with the student's own functions is run once more
with these in place of the functions that its task needs, so that a fault in one
task costs no marks in another. They do something recognisable that is not the
answer to the task they stand in for, wherever that is possible.
"""

from __future__ import annotations
