"""An overview has five lines at most."""


def _wrap(overview):
    return textwrap.wrap(overview, 68, max_lines=5) or [""]
