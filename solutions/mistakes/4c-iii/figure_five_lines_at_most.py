"""An overview has five lines at most.

Breaks: overview
"""


def _wrap(overview):
    return textwrap.wrap(overview, 68, max_lines=5) or [""]
