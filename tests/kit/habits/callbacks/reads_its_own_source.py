"""Reads a module of its own by a relative path."""

SOURCE = open("callbacks.py", encoding="utf-8").read()
assert "def scheduler" in SOURCE
