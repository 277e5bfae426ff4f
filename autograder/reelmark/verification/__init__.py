"""Verification: the checks are tested, on right work and on wrong."""
