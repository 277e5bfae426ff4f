"""How the kit's own tests ask Hypothesis: the same examples each time, kept nowhere."""

from hypothesis import settings

STEADY = settings(deadline=None, derandomize=True, database=None, max_examples=100)
