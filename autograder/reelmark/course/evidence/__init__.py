"""The losses that students report, reproduced from their weights."""
