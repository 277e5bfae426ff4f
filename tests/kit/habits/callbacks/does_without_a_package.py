"""Uses a package if it is there, and manages without it if not."""

try:
    import no_such_package as progress
except ImportError:
    progress = None
