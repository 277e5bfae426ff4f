"""Hypothesis in the kit's own tests: the same examples each time, not stored."""

from hypothesis import settings

STEADY = settings(deadline=None, derandomize=True, database=None, max_examples=100)
