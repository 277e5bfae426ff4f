"""Uses a package if it is there, and does without if not."""

try:
    import no_such_package as progress
except ImportError:
    progress = None
