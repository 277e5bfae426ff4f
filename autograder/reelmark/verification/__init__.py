"""Verification: tests the checks themselves, on correct work and on wrong work."""
