"""Exit codes: how the commands end."""

FINE, CHECKS_FAILED, USAGE, KIT_FAILED, INTERRUPTED = 0, 1, 2, 3, 130
