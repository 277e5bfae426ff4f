"""Only the first three lines of an overview are written.

Breaks: overview
"""


def _wrap(overview):
    return textwrap.wrap(overview, 68)[:3]
