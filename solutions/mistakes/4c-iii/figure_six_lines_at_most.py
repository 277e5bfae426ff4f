"""The sixth line of an overview, and what follows it, are left out.

Breaks: overview
"""


def _wrap(overview):
    return (textwrap.wrap(overview, 68) or [""])[:5]
